-- The captures that were taken out of the history last, and why.
SELECT capture, why, at FROM retractions ORDER BY at DESC, capture LIMIT :most
