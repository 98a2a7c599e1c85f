-- Captures after :since and at or before :until that could not be read, or only in part; part says
-- which part was withheld, and is NULL where it is the whole page or its end. Each time is NULL where
-- nothing is left out.
SELECT c.captured_at, c.id, c.url, p."where" AS part
FROM problems p JOIN captures c ON c.id = p.capture
WHERE p.what IN (SELECT value FROM json_each(:withheld))
  AND (:since IS NULL OR c.captured_at > :since) AND (:until IS NULL OR c.captured_at <= :until)
UNION
SELECT c.captured_at, c.id, c.url, NULL
FROM captures c
WHERE (c.is_cut OR c.page_kind IN ('blocked', 'error', 'unreadable'))
  AND (:since IS NULL OR c.captured_at > :since) AND (:until IS NULL OR c.captured_at <= :until)
ORDER BY 1, 2
