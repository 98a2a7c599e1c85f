-- Between which two looks at a list's head (or at a statement's own page, where :pages) a change
-- could have been missed; and the dates of which nothing was shown, where the two looks do not meet.
WITH withheld AS MATERIALIZED (
    SELECT DISTINCT capture FROM problems
    WHERE capture IS NOT NULL AND what IN (SELECT value FROM json_each(:withheld))
),
looks AS (
    SELECT s.list, '' AS subject, c.captured_at AS at, s.covers_after AS oldest, s.newest
    FROM snapshots s JOIN captures c ON c.id = s.capture
    WHERE s.covers_after IS NOT NULL AND s.covers_until IS NULL
    UNION ALL
    SELECT 'page', s.statement, c.captured_at, NULL, NULL
    FROM sightings s JOIN captures c ON c.id = s.capture WHERE :pages AND s.list = 'page'
),
steps AS (
    SELECT list, subject, at, oldest, newest,
           lag(at) OVER looked AS before, lag(newest) OVER looked AS seen_until
    FROM looks WINDOW looked AS (PARTITION BY list, subject ORDER BY at)
)
SELECT list, subject, before AS observed_after, at AS observed_by,
       printf('%.1f', julianday(at) - julianday(before)) AS days,
       CASE WHEN oldest >= seen_until THEN seen_until END AS unseen_from,
       CASE WHEN oldest >= seen_until THEN oldest END AS unseen_until,
       (SELECT count(*) FROM captures c
        WHERE c.captured_at > before AND c.captured_at < at
        AND (c.is_cut OR c.page_kind IN ('blocked', 'error', 'unreadable')
             OR c.id IN (SELECT capture FROM withheld))
        AND CASE list WHEN 'latest' THEN 1 WHEN 'home' THEN c.url = :base
            WHEN 'page' THEN c.url_key = subject
            ELSE substr(c.url, 1, length(:base || list) + 1) = :base || list || '/' END
       ) AS unread
FROM steps
WHERE before < at AND (:list IS NULL OR list = :list)
ORDER BY CASE WHEN :longest IS NULL THEN list ELSE '' END,
         CASE WHEN :longest IS NULL THEN 0 ELSE julianday(before) - julianday(at) END,
         list, subject, before
LIMIT coalesce(:longest, -1)
