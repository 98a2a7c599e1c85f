-- The pages that were gone with the whole site.
SELECT * FROM _told_changes WHERE note = 'with the whole site' AND kind = 'page_gone'
