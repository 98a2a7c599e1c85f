-- The changes that this history has learned of since an instant (NULL: all), the newest news first.
SELECT t.* FROM _learned l CROSS JOIN _told_changes t USING (change_id)
WHERE :since IS NULL OR l.at >= :since
ORDER BY l.at DESC, t.observed_by DESC, t.change_id DESC LIMIT :most
