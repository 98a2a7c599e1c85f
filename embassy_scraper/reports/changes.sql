-- Every change, with its two instants; the filters are NULL where nothing is left out.
SELECT change_id, kind, subject, title, published_on, url, field, before, after, significance,
       CASE WHEN similarity IS NOT NULL THEN printf('%.3f', similarity) END AS similarity, observed_after, observed_by, capture_before,
       capture_after, note
FROM changes
WHERE (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
  AND observed_by >= coalesce(:since, '') AND observed_by <= coalesce(:until, '~')  -- by the index
ORDER BY observed_by, kind, subject, field, change_id
