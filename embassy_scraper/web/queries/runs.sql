-- The last runs, and what came of them.
SELECT id, started, finished, command, counts, outcome, job, note FROM runs
ORDER BY id DESC LIMIT :most
