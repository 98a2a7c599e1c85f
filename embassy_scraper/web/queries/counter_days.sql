-- One counter's value by day, and what it should be by the calendar.
SELECT day, value, expected, captured_at FROM counter_days
WHERE event = :event ORDER BY captured_at, value
