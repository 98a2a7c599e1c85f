-- How many problems there are of every kind, and the newest capture of each.
SELECT what, count(*) AS problems, max(capture) AS newest FROM problems GROUP BY what
