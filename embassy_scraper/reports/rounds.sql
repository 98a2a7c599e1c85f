-- The last complete live round, the first of all, and what came of those since. Where whole rounds
-- are run, a part of one is none.
WITH rounds AS (
    SELECT id, started, outcome FROM runs
    WHERE command IN ('crawl', 'crawl --deep') OR (command GLOB 'crawl *' AND NOT EXISTS (
        SELECT 1 FROM runs WHERE command IN ('crawl', 'crawl --deep')
    ))
), last AS (SELECT max(id) AS id, max(started) AS started FROM rounds WHERE outcome = 'complete')
SELECT (SELECT started FROM last) AS last_complete, min(started) AS first,
       count(*) FILTER (WHERE id > coalesce((SELECT id FROM last), 0)) AS tried,
       count(*) FILTER (WHERE id > coalesce((SELECT id FROM last), 0) AND outcome = 'partial')
           AS partial
FROM rounds
