-- The captures of one statement's own page that are of no statement's address, newest first: texts
-- that nobody named an address for.
WITH stood AS (
    SELECT sp.series, sp.first, sp.last
    FROM _wordings v
    CROSS JOIN _entries e ON e.wording = v.id
    CROSS JOIN _parts p ON p.id = e.part AND p.place = 'page'
    CROSS JOIN _series s ON s.place = 'page' AND s.subject = ''
    CROSS JOIN _spans sp ON sp.value = p.id AND sp.series = s.id AND sp.first < :before
    WHERE v.statement = :key ORDER BY sp.first DESC LIMIT :most
)
SELECT c.id, c.url, c.captured_at, c.http_status, c.page_kind, c.source, c.is_cut
FROM stood CROSS JOIN _observations o
     ON o.series = stood.series AND o.capture BETWEEN stood.first AND stood.last
CROSS JOIN captures c ON c.id = o.capture
WHERE o.capture < :before ORDER BY c.id DESC LIMIT :most
