-- The contacts of every language as the newest header at or before :until that has them shows them.
SELECT s.place AS field, s.subject AS language, t.text, o.capture, c.captured_at
FROM _series s
JOIN _observations o ON o.series = s.id AND o.capture = (
    SELECT max(capture) FROM _observations WHERE series = s.id AND capture <= :until
)
JOIN captures c ON c.id = o.capture JOIN _texts t ON t.id = o.value
WHERE s.place IN ('label', 'phone', 'email')
ORDER BY language, CASE s.place WHEN 'label' THEN 0 WHEN 'phone' THEN 1 ELSE 2 END
