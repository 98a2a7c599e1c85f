-- The newest window of every page of every list at or before :until, the bound of the captures' ids.
SELECT s.place AS list, CAST(s.subject AS INTEGER) AS start, o.capture, c.captured_at, c.url,
       o.value AS part, p.covers_after IS NOT NULL AND NOT c.is_cut AS is_certain
FROM _series s
JOIN _observations o ON o.series = s.id AND o.capture = (
    SELECT max(capture) FROM _observations WHERE series = s.id AND capture <= :until
)
JOIN captures c ON c.id = o.capture JOIN _parts p ON p.id = o.value
WHERE s.place IN (SELECT value FROM json_each(:lists)) AND (:list IS NULL OR s.place = :list)
ORDER BY list, start
