-- The instants of captures at or before :at, the newest first.
SELECT DISTINCT captured_at AS at FROM captures WHERE captured_at <= :at
ORDER BY captured_at DESC LIMIT :most
