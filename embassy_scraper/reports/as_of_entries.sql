-- The entries of windows, :parts, as they were printed there; url is the statement's.
SELECT e.part, e.position, v.statement, v.date, v.date_text, coalesce(t.text, s.title) AS title, s.url
FROM _entries e JOIN _wordings v ON v.id = e.wording LEFT JOIN _texts t ON t.id = v.title
LEFT JOIN statements s ON s.key = v.statement
WHERE e.part IN (SELECT value FROM json_each(:parts))
ORDER BY e.part, e.number
