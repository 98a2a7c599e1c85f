-- Where one statement stood, place by place, from its first capture there to its last; by the spans,
-- for the captures are too many.
SELECT s.place, min(sp.first) AS first, max(sp.last) AS last
FROM _wordings v
CROSS JOIN _entries e ON e.wording = v.id
CROSS JOIN _parts p ON p.id = e.part
CROSS JOIN _spans sp ON sp.value = p.id
CROSS JOIN _series s ON s.id = sp.series AND s.place = p.place
WHERE v.statement = :key GROUP BY s.place ORDER BY first, s.place
