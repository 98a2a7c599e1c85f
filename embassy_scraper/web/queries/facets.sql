-- How many changes there are of every kind, year, list and significance, in one pass over an index.
SELECT substr(observed_by, 1, 4) AS year, kind, significance,
       iif(kind LIKE 'statement%' AND kind != 'statement_edited', field, NULL) AS list,
       count(*) AS changes
FROM changes GROUP BY 1, 2, 3, 4
