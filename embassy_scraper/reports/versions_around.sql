-- The two versions of a statement between which an edit lies. A text that returned is no new version:
-- then there is no row.
SELECT body_before, body_after FROM version_pairs
WHERE statement = :statement AND observed_by = :observed_by
  AND body_before IS NOT NULL AND body_after IS NOT NULL AND body_before != body_after
ORDER BY number_after LIMIT 1
