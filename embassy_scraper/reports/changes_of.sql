-- The changes of some subjects, earliest first, so many at :most (-1: all).
SELECT * FROM _told_changes WHERE subject IN (SELECT value FROM json_each(:subjects))
ORDER BY observed_by, change_id LIMIT :most
