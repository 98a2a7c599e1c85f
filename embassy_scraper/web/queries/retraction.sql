-- Why the capture whose id begins so was taken out of the history.
SELECT capture, why, at FROM retractions
WHERE capture >= :given AND substr(capture, 1, length(:given)) = :given ORDER BY capture LIMIT 1
