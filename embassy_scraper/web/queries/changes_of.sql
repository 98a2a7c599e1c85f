-- All changes of one subject, newest first, as the timeline has them.
SELECT c.change_id, c.kind, c.subject, c.title, c.published_on, c.url, c.field, c.before, c.after,
       c.significance, c.similarity, c.observed_after, c.observed_by, c.capture_before,
       c.capture_after, c.note, l.at AS learned, a.url AS url_before, b.url AS url_after
FROM changes c LEFT JOIN _learned l ON l.change_id = c.change_id
LEFT JOIN captures a ON a.id = c.capture_before LEFT JOIN captures b ON b.id = c.capture_after
WHERE c.subject = :subject
ORDER BY c.observed_by DESC, c.change_id DESC
