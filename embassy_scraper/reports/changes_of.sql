-- The changes of some subjects between two instants, earliest first, so many at :most (-1: all).
SELECT * FROM _told_changes
WHERE subject IN (SELECT value FROM json_each(:subjects)) AND observed_by BETWEEN :since AND :until
ORDER BY observed_by, change_id LIMIT :most
