-- The counters, and the words that each now prints behind its number.
SELECT event, label FROM counters ORDER BY event
