-- The lists that captures show; :others are the places that are not lists of the site.
SELECT DISTINCT place FROM _series
WHERE place NOT IN (SELECT value FROM json_each(:others)) ORDER BY place
