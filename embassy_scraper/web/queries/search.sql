-- The statements of which a version matches, best first, with the newest version that does.
WITH hits AS MATERIALIZED (
    SELECT rowid AS id, rank FROM versions_fts WHERE versions_fts MATCH :query
), found AS (
    SELECT v.statement, min(h.rank) AS rank, max(v.number) AS number
    FROM hits h CROSS JOIN _versions v ON v.id = h.id GROUP BY v.statement
)
SELECT f.statement, f.number, f.rank, substr(s.published_on, 1, 4) AS year, s.status
FROM found f CROSS JOIN statements s ON s.key = f.statement
