-- List by list, what changed in it, span by span, as looks.sql has them.
SELECT field AS list, substr(replace(observed_by, '-', ''), 1, :length) AS span, count(*) AS changes
FROM changes
WHERE kind IN ('statement_added', 'statement_withdrawn', 'statement_restored')
GROUP BY 1, 2
