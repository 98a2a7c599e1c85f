-- The counters of the newest header at or before :until whose counters are known.
SELECT l.event, l.label, r.value, o.capture, c.captured_at
FROM _series s
JOIN _observations o ON o.series = s.id AND o.capture = (
    SELECT max(capture) FROM _observations WHERE series = s.id AND capture <= :until
)
JOIN captures c ON c.id = o.capture
JOIN _readings r ON r.capture = o.capture JOIN _counter_lines l ON l.id = r.line
WHERE s.place = 'shape'
ORDER BY l.event
