-- The newest changes that fit, newest first, with when this history learned of them. The filters are
-- NULL where nothing is left out; :before and :before_id name the last change of the page before,
-- :list is a list of statements, or page; :whole is 1 for pages that were gone with the whole site,
-- 0 for all other changes; :most is -1 where all are wanted.
WITH page AS (
    SELECT change_id, observed_by FROM changes
    WHERE (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
      AND observed_by >= coalesce(:since, '') AND observed_by <= coalesce(:until, '~')
      AND (:significance IS NULL OR significance = :significance)
      AND (:list IS NULL OR (field = :list AND kind LIKE 'statement%' AND kind != 'statement_edited'))
      AND (:subjects IS NULL OR subject IN (SELECT value FROM json_each(:subjects)))
      AND (:whole IS NULL OR (note IS 'with the whole site') = :whole)
      AND (:learned IS NULL OR change_id IN (SELECT change_id FROM _learned WHERE at >= :learned))
      AND observed_by <= coalesce(:before, '~')
      AND (:before IS NULL OR (observed_by, change_id) < (:before, :before_id))
    ORDER BY observed_by DESC, change_id DESC LIMIT :most
)
SELECT c.change_id, c.kind, c.subject, c.title, c.published_on, c.url, c.field, c.before, c.after,
       c.significance, c.similarity, c.observed_after, c.observed_by, c.capture_before,
       c.capture_after, c.note, l.at AS learned, a.url AS url_before, b.url AS url_after
FROM page JOIN changes c USING (change_id) LEFT JOIN _learned l ON l.change_id = c.change_id
LEFT JOIN captures a ON a.id = c.capture_before LEFT JOIN captures b ON b.id = c.capture_after
ORDER BY c.observed_by DESC, c.change_id DESC
