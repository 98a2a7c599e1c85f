-- The first and the last capture that show the text of one version; its title may have been seen
-- before, in a list.
WITH seen AS (
    SELECT min(sp.first) AS first, max(sp.last) AS last
    FROM _versions v
    JOIN _wordings w ON w.statement = v.statement AND w.body = v.body
        AND (w.title = v.title OR w.title IS NULL)
    JOIN _entries e ON e.wording = w.id
    JOIN _parts p ON p.id = e.part
    JOIN _spans sp ON sp.value = p.id
    JOIN _series s ON s.id = sp.series AND s.place = p.place
    WHERE v.statement = :key AND v.number = :number
)
SELECT first, last, (SELECT sha256 FROM captures WHERE id = first) AS sha256 FROM seen
