-- The instants of captures after :at, in order.
SELECT DISTINCT captured_at AS at FROM captures WHERE captured_at > :at
ORDER BY captured_at LIMIT :most
