-- The changes of one subject in some days, with all that an entry has; of the end of the whole site
-- those of all subjects.
SELECT c.change_id, c.kind, c.subject, c.title, c.published_on, c.url, c.field, c.before, c.after,
       c.significance, c.similarity, c.observed_after, c.observed_by, c.capture_before,
       c.capture_after, c.note, l.at AS learned, a.url AS url_before, b.url AS url_after
FROM changes c LEFT JOIN _learned l ON l.change_id = c.change_id
LEFT JOIN captures a ON a.id = c.capture_before LEFT JOIN captures b ON b.id = c.capture_after
WHERE c.subject = :subject AND c.observed_by BETWEEN :since AND :until
UNION ALL
SELECT c.change_id, c.kind, c.subject, c.title, c.published_on, c.url, c.field, c.before, c.after,
       c.significance, c.similarity, c.observed_after, c.observed_by, c.capture_before,
       c.capture_after, c.note, l.at, a.url, b.url
FROM changes c LEFT JOIN _learned l ON l.change_id = c.change_id
LEFT JOIN captures a ON a.id = c.capture_before LEFT JOIN captures b ON b.id = c.capture_after
WHERE :whole AND c.kind = 'page_gone' AND c.note = 'with the whole site' AND c.subject != :subject
      AND c.observed_by BETWEEN :since AND :until
