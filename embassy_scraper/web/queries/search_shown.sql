-- Of one version that matches: its statement, and the passage that does, between marks.
SELECT s.key, s.title, s.published_on, s.status, s.versions, v.number, v.first_seen, v.last_seen,
       snippet(versions_fts, -1, :open, :close, '…', 40) AS passage
FROM _versions v JOIN versions_fts ON versions_fts.rowid = v.id
JOIN statements s ON s.key = v.statement
WHERE v.statement = :statement AND v.number = :number AND versions_fts MATCH :query
