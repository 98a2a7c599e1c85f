-- How often the head of each of :lists was seen, span by span; :length is that of a span's name, 8 for a
-- day and 6 for a month, for a capture's id begins with its instant.
SELECT s.place AS list, substr(o.capture, 1, :length) AS span, count(*) AS looks
FROM _series s
JOIN _observations o ON o.series = s.id
JOIN _parts p ON p.id = o.value AND p.place = s.place
WHERE s.place IN (SELECT value FROM json_each(:lists))
  AND p.covers_after IS NOT NULL AND p.covers_until IS NULL
GROUP BY 1, 2
