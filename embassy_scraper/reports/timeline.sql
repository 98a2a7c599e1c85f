-- The newest changes that fit, newest first. The filters are NULL where nothing is left out; :before
-- and :before_id name the last change of the page before, :list is a list of statements, or page;
-- :whole is 1 for pages that were gone with the whole site, 0 for all other changes; :most is -1
-- where all are wanted. An index has all that the filters look at; it is not named, for a database
-- of an earlier version that may not be written to has none.
WITH page AS (
    SELECT change_id FROM changes
    WHERE (:before IS NULL OR (observed_by, change_id) < (:before, :before_id))
      AND (:since IS NULL OR observed_by >= :since)
      AND (:until IS NULL OR observed_by <= :until)
      AND (:list IS NULL OR (field = :list AND kind LIKE 'statement%' AND kind != 'statement_edited'))
      AND (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
      AND (:significance IS NULL OR significance = :significance)
      AND (:whole IS NULL OR (note IS 'with the whole site') = :whole)
      AND (:learned IS NULL OR EXISTS (
          SELECT 1 FROM _learned l WHERE l.change_id = changes.change_id AND l.at >= :learned
      ))
    ORDER BY observed_by DESC, change_id DESC LIMIT :most
)
SELECT t.* FROM page JOIN _told_changes t USING (change_id)
ORDER BY t.observed_by DESC, t.change_id DESC
