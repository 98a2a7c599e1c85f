-- How often each list's head was looked at, from when to when, on how many days, and the longest time
-- between two looks, until :now.
WITH looks AS MATERIALIZED (
    SELECT DISTINCT s.list, c.captured_at AS at
    FROM snapshots s JOIN captures c ON c.id = s.capture
    WHERE s.covers_after IS NOT NULL AND s.covers_until IS NULL
),
spans AS (
    SELECT list, at, lead(at) OVER (PARTITION BY list ORDER BY at) AS following FROM looks
)
SELECT list, count(*) AS looks, min(at) AS first_look, max(at) AS last_look,
       count(DISTINCT substr(at, 1, 10)) AS days,
       max(julianday(coalesce(following, max(:now, at))) - julianday(at)) AS longest,
       at AS longest_after, following AS longest_by
FROM spans GROUP BY list
