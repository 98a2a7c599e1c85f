-- One version of a statement, with its texts, the date printed when it was last seen, and the bytes
-- it was first read from. (The date as _version_dates has it; the signs make the index on subjects
-- the one that is used.)
SELECT v.number, v.title, v.lead, v.body, v.first_seen, v.last_seen, v.first_capture, coalesce(
           (SELECT after FROM changes WHERE subject = :key AND +field = 'published_on'
                AND +kind = 'statement_edited' AND +observed_by <= v.last_seen
                ORDER BY +observed_by DESC LIMIT 1),
           (SELECT before FROM changes WHERE subject = :key AND +field = 'published_on'
                AND +kind = 'statement_edited' AND +observed_by > v.last_seen
                ORDER BY +observed_by LIMIT 1),
           (SELECT published_on FROM statements WHERE key = :key)
       ) AS published_on, c.sha256, c.url
FROM versions v LEFT JOIN captures c ON c.id = v.first_capture
WHERE v.statement = :key AND v.number = :number
