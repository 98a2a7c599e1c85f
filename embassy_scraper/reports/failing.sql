-- The commands whose last run failed: when, why, and when they last did their work.
SELECT r.command, r.started, r.note,
       (SELECT max(g.started) FROM runs g WHERE g.command = r.command AND g.id < r.id
            AND g.outcome IN ('complete', 'partial')) AS last_good
FROM runs r
WHERE r.outcome = 'failed' AND r.id = (
    SELECT max(l.id) FROM runs l
    WHERE l.command = r.command AND l.outcome IN ('complete', 'partial', 'failed')
)
ORDER BY r.command
