-- One version of a statement, with its texts, the date printed when it was last seen, and the bytes
-- it was first read from.
SELECT v.number, v.title, v.lead, v.body, v.first_seen, v.last_seen, v.first_capture,
       d.published_on, c.sha256, c.url
FROM versions v JOIN _version_dates d ON d.statement = v.statement AND d.number = v.number
LEFT JOIN captures c ON c.id = v.first_capture
WHERE v.statement = :key AND v.number = :number
