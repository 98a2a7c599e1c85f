-- The changes that may have happened by an instant and were seen only later, the first seen first; in
-- the order of an index, so that a page that takes some does not wait for all.
SELECT * FROM _told_changes WHERE observed_by > :until AND observed_after < :until
ORDER BY observed_by, kind, subject
