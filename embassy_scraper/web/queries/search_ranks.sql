-- How well the statements match: of each its best version. For few of them, for it reads all.
SELECT v.statement, min(f.rank) AS rank
FROM versions_fts f CROSS JOIN _versions v ON v.id = f.rowid
WHERE f.versions_fts MATCH :query GROUP BY v.statement
