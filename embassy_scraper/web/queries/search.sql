-- Every version that matches, with what its statement is sorted and counted by.
SELECT v.statement, v.number, coalesce(s.published_on, '') AS published_on, s.status
FROM versions_fts f CROSS JOIN _versions v ON v.id = f.rowid
CROSS JOIN statements s ON s.key = v.statement
WHERE f.versions_fts MATCH :query
