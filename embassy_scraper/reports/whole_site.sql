-- The pages that were gone with the whole site, between two instants.
SELECT * FROM _told_changes
WHERE note = 'with the whole site' AND kind = 'page_gone' AND observed_by BETWEEN :since AND :until
