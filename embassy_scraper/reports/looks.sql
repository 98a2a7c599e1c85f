-- Looks at the head of each list, or at each statement's own page: when, and the dates between which
-- the window's statements lie. What was withheld has no window that covers anything, so it is no look.
SELECT s.list, '' AS subject, c.captured_at AS at, s.covers_after AS oldest, s.newest
FROM snapshots s JOIN captures c ON c.id = s.capture
WHERE s.covers_after IS NOT NULL AND s.covers_until IS NULL AND (:list IS NULL OR s.list = :list)
UNION ALL
SELECT 'page', s.statement, c.captured_at, NULL, NULL
FROM sightings s JOIN captures c ON c.id = s.capture WHERE :pages AND s.list = 'page'
ORDER BY 1, 2, 3
