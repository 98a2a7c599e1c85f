-- The longest times between two looks at a list's head, until :now, so many at :most; and the dates of
-- which nothing was shown, where the second look does not reach back to the first.
WITH looks AS MATERIALIZED (
    SELECT s.list, c.captured_at AS at, max(s.covers_after) AS oldest, max(s.newest) AS newest
    FROM snapshots s JOIN captures c ON c.id = s.capture
    WHERE s.covers_after IS NOT NULL AND s.covers_until IS NULL
    GROUP BY s.list, c.captured_at
),
spans AS (
    SELECT list, at, newest, lead(at) OVER looked AS following, lead(oldest) OVER looked AS oldest
    FROM looks WINDOW looked AS (PARTITION BY list ORDER BY at)
)
SELECT list, at AS observed_after, following AS observed_by,
       iif(oldest >= newest, newest, NULL) AS unseen_from,
       iif(oldest >= newest, oldest, NULL) AS unseen_until
FROM spans
ORDER BY julianday(coalesce(following, max(:now, at))) - julianday(at) DESC, list, at
LIMIT :most
