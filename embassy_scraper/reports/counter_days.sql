-- A counter's value by day, and what the calendar says that it should be; the times are NULL where
-- nothing is left out.
SELECT day, value, expected, captured_at FROM counter_days
WHERE event = :event AND (:since IS NULL OR captured_at >= :since)
  AND (:until IS NULL OR captured_at <= :until)
ORDER BY captured_at, value
