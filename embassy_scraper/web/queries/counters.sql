-- Every counter: its newest value, and how its changes tell of it. A capture's id begins with its
-- instant, so the newest reading is found without looking at the others.
SELECT c.event, c.unit, c.since_date, c.label, c.first_seen, c.last_seen,
       (SELECT max(r.value) FROM _readings r JOIN _counter_lines l ON l.id = r.line
        WHERE l.event = c.event AND r.capture >= replace(replace(c.last_seen, '-', ''), ':', '')
        AND r.capture < replace(replace(c.last_seen, '-', ''), ':', '') || '~') AS value,
       (SELECT count(*) FROM changes WHERE subject = c.event AND kind = 'counter_anomaly') AS off,
       (SELECT max(observed_by) FROM changes WHERE subject = c.event AND kind = 'counter_anomaly')
           AS last_off,
       (SELECT kind = 'counter_vanished' FROM changes
        WHERE subject = c.event AND kind IN ('counter_vanished', 'counter_appeared')
        ORDER BY observed_by DESC, kind LIMIT 1) AS vanished,
       (SELECT max(observed_by) FROM changes WHERE subject = c.event AND kind = 'counter_vanished')
           AS vanished_by
FROM counters c
WHERE :event IS NULL OR c.event = :event
ORDER BY c.first_seen, c.event
