-- The changes that a name was not told by their ids, with the columns of the report.
SELECT c.change_id, c.kind, c.subject, c.title, c.published_on, c.url, c.field, c.before, c.after,
       c.significance,
       CASE WHEN c.similarity IS NOT NULL THEN printf('%.3f', c.similarity) END AS similarity,
       c.observed_after, c.observed_by, c.capture_before, c.capture_after, c.note
FROM changes c
WHERE NOT EXISTS (
    SELECT 1 FROM _told t
    WHERE t.name = :whom AND t.change_id = c.change_id AND t.taken_back IS NULL
)
ORDER BY c.observed_by, c.kind, c.subject, c.field, c.change_id
