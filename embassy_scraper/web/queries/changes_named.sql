-- The changes whose ids begin so, some at most.
SELECT change_id, subject, observed_by, note, kind FROM changes
WHERE change_id >= :given AND substr(change_id, 1, length(:given)) = :given
ORDER BY change_id LIMIT 3
