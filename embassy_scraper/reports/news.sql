-- The changes that a name was not told by their ids; the columns of the table are those of the report.
SELECT c.* FROM changes c
WHERE NOT EXISTS (
    SELECT 1 FROM _told t
    WHERE t.name = :whom AND t.change_id = c.change_id AND t.taken_back IS NULL
)
ORDER BY c.observed_by, c.kind, c.subject, c.field, c.change_id
