-- The views: facts put together again under the names that people use, and the questions they ask
-- first.

-- Every wording that a capture shows, with its texts.
CREATE VIEW _shown AS
SELECT o.capture, p.place AS list, p.start, e.number, e.position, e.is_left_out, v.statement,
       v.id AS wording, v.core, v.is_page, v.is_open, v.url_key, t.text AS title, l.text AS lead,
       b.text AS body, v.date, v.date_text, v.published_at, v.signature_text
FROM _observations o
JOIN _series s ON s.id = o.series
JOIN _parts p ON p.id = o.value AND p.place = s.place
JOIN _entries e ON e.part = p.id
JOIN _wordings v ON v.id = e.wording
LEFT JOIN _texts t ON t.id = v.title
LEFT JOIN _texts l ON l.id = v.lead
LEFT JOIN _texts b ON b.id = v.body;

-- A statement seen in one capture: on its own page, in a box, or in a list.
CREATE VIEW sightings AS
SELECT v.statement, o.capture, p.place AS list, e.position, p.start, e.number, e.is_left_out
FROM _observations o
JOIN _series s ON s.id = o.series
JOIN _parts p ON p.id = o.value AND p.place = s.place
JOIN _entries e ON e.part = p.id
JOIN _wordings v ON v.id = e.wording;

-- The part of a list that one capture shows, and which dates it covers.
CREATE VIEW snapshots AS
SELECT o.capture, p.place AS list, p.start, p.covers_after, p.covers_until, p.entries, p.newest
FROM _observations o
JOIN _series s ON s.id = o.series
JOIN _parts p ON p.id = o.value AND p.place = s.place
WHERE p.entries IS NOT NULL;

-- The spans, in words.
CREATE VIEW _spans_shown AS
SELECT s.place, s.subject, sp.first, sp.last, coalesce(hex(p.digest), t.text, sp.value) AS shown
FROM _spans sp JOIN _series s ON s.id = sp.series
LEFT JOIN _parts p ON p.id = sp.value AND p.place = s.place
LEFT JOIN _texts t ON t.id = sp.value AND s.place IN ('phone', 'email', 'label', 'shape');

-- A counter's value on each capture.
CREATE VIEW counter_readings AS
SELECT l.event, r.capture, c.captured_at, r.page_date, r.value, r.since_date, l.unit, l.label
FROM _readings r JOIN _counter_lines l ON l.id = r.line JOIN captures c ON c.id = r.capture;

-- One distinct text of a statement; by its rowid the full-text search finds it.
CREATE VIEW versions AS
SELECT v.statement, v.number, t.text AS title, l.text AS lead, b.text AS body,
       v.first_seen, v.last_seen, v.first_capture, v.id AS rowid
FROM _versions v LEFT JOIN _texts t ON t.id = v.title LEFT JOIN _texts l ON l.id = v.lead
LEFT JOIN _texts b ON b.id = v.body;

CREATE VIRTUAL TABLE versions_fts USING fts5 (
    title, lead, body, content = 'versions'
);
CREATE TRIGGER _versions_found AFTER INSERT ON _versions BEGIN
    INSERT INTO versions_fts (rowid, title, lead, body)
    SELECT rowid, title, lead, body FROM versions WHERE rowid = new.id;
END;
CREATE TRIGGER _versions_lost BEFORE DELETE ON _versions BEGIN
    INSERT INTO versions_fts (versions_fts, rowid, title, lead, body)
    SELECT 'delete', rowid, title, lead, body FROM versions WHERE rowid = old.id;
END;

-- What each capture showed, with title and date as they were printed there.
CREATE VIEW shown AS
SELECT c.captured_at, w.list, w.position, w.statement, coalesce(w.title, s.title) AS title,
       w.date AS published_on, w.capture
FROM _shown w JOIN captures c ON c.id = w.capture LEFT JOIN statements s ON s.key = w.statement;

-- The changes as reports and pages tell them: when this history learned of each, and of which
-- addresses the two captures are.
CREATE VIEW _told_changes AS
SELECT c.change_id, c.kind, c.subject, c.title, c.published_on, c.url, c.field, c.before, c.after,
       c.significance, c.similarity, c.observed_after, c.observed_by, c.capture_before,
       c.capture_after, c.note, l.at AS learned, a.url AS url_before, b.url AS url_after
FROM changes c LEFT JOIN _learned l ON l.change_id = c.change_id
LEFT JOIN captures a ON a.id = c.capture_before LEFT JOIN captures b ON b.id = c.capture_after;

-- Each change as a sentence with its interval and when this history learned of it, newest first.
CREATE VIEW timeline AS
SELECT c.observed_by, c.observed_after,
       CASE c.kind
           WHEN 'statement_discovered' THEN 'First seen: ' || coalesce(c.title, c.subject)
           WHEN 'statement_added' THEN 'Added: ' || coalesce(c.title, c.subject)
           WHEN 'statement_edited' THEN
               CASE c.field WHEN 'title' THEN 'Title' WHEN 'lead' THEN 'Lead' WHEN 'body' THEN 'Text'
                    WHEN 'published_on' THEN 'Date' ELSE 'Time of signature' END
               || ' changed: ' || c.before || ' → ' || c.after
           WHEN 'statement_withdrawn' THEN
               'Removed from the list ' || c.field || ': ' || coalesce(c.title, c.subject)
           WHEN 'statement_restored' THEN
               'Back in the list ' || c.field || ': ' || coalesce(c.title, c.subject)
           WHEN 'page_gone' THEN 'Page gone (' || c.after || '): ' || coalesce(c.title, c.subject)
           WHEN 'page_back' THEN 'Page back: ' || coalesce(c.title, c.subject)
           WHEN 'counter_discovered' THEN 'Counter first seen at ' || c.after || ': ' || c.subject
           WHEN 'counter_appeared' THEN 'Counter appeared at ' || c.after || ': ' || c.subject
           WHEN 'counter_progressed' THEN
               'Counter agreed with the calendar at every look, ' || c.before || ' → ' || c.after || ': '
               || c.subject
           WHEN 'counter_anomaly' THEN
               'Counter off the calendar, ' || c.before || ' → ' || c.after || ': ' || c.subject
           WHEN 'counter_reworded' THEN 'Counter reworded: ' || c.before || ' → ' || c.after
           WHEN 'counter_vanished' THEN 'Counter vanished at ' || c.before || ': ' || c.subject
           ELSE 'Contact changed (' || c.field || '): ' || c.before || ' → ' || c.after
       END || CASE WHEN c.note IS NULL THEN '' ELSE ' (' || c.note || ')' END AS sentence,
       CASE WHEN c.kind = 'counter_progressed' THEN
               'from ' || c.observed_after || ' to ' || c.observed_by
            WHEN c.observed_after IS NULL THEN
               'seen on ' || c.observed_by || '; nothing earlier is known'
            ELSE 'between ' || c.observed_after || ' and ' || c.observed_by END AS happened,
       l.at AS learned, c.kind, c.subject, c.title, c.published_on, c.url, c.field, c.change_id
FROM changes c LEFT JOIN _learned l ON l.change_id = c.change_id
ORDER BY c.observed_by DESC, c.kind, c.subject, c.field, c.change_id;

-- The date that was printed with each version when it was last seen.
CREATE VIEW _version_dates AS
SELECT v.statement, v.number, coalesce(
    (SELECT after FROM changes WHERE subject = v.statement AND field = 'published_on'
        AND +kind = 'statement_edited' AND +observed_by <= v.last_seen
        ORDER BY +observed_by DESC LIMIT 1),
    (SELECT before FROM changes WHERE subject = v.statement AND field = 'published_on'
        AND +kind = 'statement_edited' AND +observed_by > v.last_seen
        ORDER BY +observed_by LIMIT 1),
    (SELECT published_on FROM statements WHERE key = v.statement)
) AS published_on
FROM _versions v;

-- Two successive versions of a statement side by side, with the dates printed then. A text that
-- returns is no new version: that it did stands in changes.
CREATE VIEW version_pairs AS
SELECT a.statement, a.number AS number_before, b.number AS number_after,
       (SELECT max(observed_after) FROM changes WHERE subject = a.statement
            AND kind = 'statement_edited' AND observed_by = b.first_seen) AS observed_after,
       b.first_seen AS observed_by,
       a.title AS title_before, b.title AS title_after, c.published_on AS published_on_before,
       d.published_on AS published_on_after, a.lead AS lead_before, b.lead AS lead_after,
       a.body AS body_before, b.body AS body_after
FROM versions a
JOIN versions b ON b.statement = a.statement AND b.number = a.number + 1
JOIN _version_dates c ON c.statement = a.statement AND c.number = a.number
JOIN _version_dates d ON d.statement = b.statement AND d.number = b.number;

-- What was published and is or was taken out: from a list, or its own page.
CREATE VIEW removed AS
WITH taken AS (
    SELECT c.*, (
        SELECT min(r.observed_by) FROM changes r
        WHERE r.subject = c.subject AND r.field = c.field AND r.observed_by > c.observed_by
        AND r.kind = iif(c.kind = 'page_gone', 'page_back', 'statement_restored')
        AND (c.kind != 'page_gone' OR (SELECT url FROM captures WHERE id = r.capture_after)
             = (SELECT url FROM captures WHERE id = c.capture_after))
    ) AS back_by
    FROM changes c
    WHERE c.kind = 'statement_withdrawn'
    OR (c.kind = 'page_gone' AND c.note IS NOT 'with the whole site')
)
SELECT t.subject AS statement, t.title, t.published_on, t.url,
       iif(t.kind = 'page_gone', 'page', t.field) AS list, t.observed_after AS last_seen,
       t.observed_by AS missing_by, (
           SELECT max(r.observed_after) FROM changes r
           WHERE r.subject = t.subject AND r.field = t.field AND r.observed_by = t.back_by
           AND r.kind = iif(t.kind = 'page_gone', 'page_back', 'statement_restored')
       ) AS still_missing_at, t.back_by, s.status
FROM taken t LEFT JOIN statements s ON s.key = t.subject;

-- List by list, between which two looks at its head nothing was seen, up to now.
CREATE VIEW unwatched AS
WITH looks AS (
    SELECT DISTINCT s.list, c.captured_at AS at
    FROM snapshots s JOIN captures c ON c.id = s.capture
    WHERE s.covers_after IS NOT NULL AND s.covers_until IS NULL
), spans AS (
    SELECT list, at AS last_look, coalesce(
        lead(at) OVER (PARTITION BY list ORDER BY at), strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
    ) AS next_look
    FROM looks
)
SELECT list, last_look, next_look, round(julianday(next_look) - julianday(last_look), 1) AS days
FROM spans WHERE last_look < next_look;

-- A counter's value by day against the calendar: what it should be, reckoned from the value seen
-- before.
CREATE VIEW counter_days AS
WITH days AS (
    SELECT event, page_date AS day, value, min(captured_at) AS captured_at
    FROM counter_readings WHERE page_date IS NOT NULL GROUP BY event, page_date, value
), steps AS (
    SELECT event, day, value, captured_at,
           lag(value) OVER seen + CAST(julianday(day) - julianday(lag(day) OVER seen) AS INTEGER)
               AS expected
    FROM days WINDOW seen AS (PARTITION BY event ORDER BY captured_at)
)
SELECT event, day, value, expected, value - expected AS off, captured_at FROM steps;
