-- The views: facts put together again under the names that people use, and the questions they ask
-- first.

-- Every variant that a capture shows, with its texts.
CREATE VIEW _shown AS
SELECT o.capture, p.place AS list, p.start, e.number, e.position, e.is_left_out, v.statement,
       v.id AS variant, v.core, v.is_page, v.is_open, v.url_key, t.text AS title, l.text AS lead,
       b.text AS body, v.date, v.date_text, v.published_at, v.signature_text
FROM _observations o
JOIN _series s ON s.id = o.series
JOIN _parts p ON p.id = o.value AND p.place = s.place
JOIN _entries e ON e.part = p.id
JOIN _variants v ON v.id = e.variant
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
JOIN _variants v ON v.id = e.variant;

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
