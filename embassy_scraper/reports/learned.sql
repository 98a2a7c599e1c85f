-- The changes that this history has learned of since an instant (NULL: all), the newest news first.
SELECT c.change_id, c.kind, c.subject, c.title, c.published_on, c.url, c.field, c.before, c.after,
       c.significance, c.similarity, c.observed_after, c.observed_by, c.capture_before,
       c.capture_after, c.note, l.at AS learned, a.url AS url_before, b.url AS url_after
FROM _learned l JOIN changes c USING (change_id)
LEFT JOIN captures a ON a.id = c.capture_before LEFT JOIN captures b ON b.id = c.capture_after
WHERE :since IS NULL OR l.at >= :since
ORDER BY l.at DESC, c.observed_by DESC, c.change_id DESC LIMIT :most
