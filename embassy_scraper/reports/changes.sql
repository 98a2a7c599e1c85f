-- Every change, with its two instants; the columns of the table are those of the report. The filters
-- are NULL where nothing is left out.
SELECT * FROM changes
WHERE (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
  AND observed_by >= coalesce(:since, '') AND observed_by <= coalesce(:until, '~')  -- by the index
ORDER BY observed_by, kind, subject, field, change_id
