-- What people look at the history with: indexes for its pages; what was told to whom; what was taken
-- out of the history, and why.

-- Indexes ------------------------------------------------------------------------------------------

CREATE INDEX changes_kind ON changes (kind, observed_by);
CREATE INDEX _changes_facets ON changes (
    observed_by, change_id, kind, significance, field, note
);
CREATE INDEX _changes_whole ON changes (observed_by) WHERE note = 'with the whole site';
CREATE INDEX _learned_at ON _learned (at);
CREATE INDEX captures_at ON captures (captured_at);
CREATE INDEX _captures_unread ON captures (captured_at)
    WHERE is_cut OR page_kind IN ('blocked', 'error', 'unreadable');
CREATE INDEX problems_kind ON problems (what, capture);

-- Retractions --------------------------------------------------------------------------------------

-- A capture that was taken out of the history, and why; the file has a record that says so as well.
CREATE TABLE retractions (
    capture TEXT PRIMARY KEY, why TEXT NOT NULL, at TEXT NOT NULL, warc_file TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- The rows of captures that are retracted, with the columns of captures: where their bytes lie, and
-- how they are known when they are offered again.
CREATE TABLE _retracted (
    id TEXT PRIMARY KEY, url TEXT, page_kind TEXT NOT NULL, captured_at TEXT NOT NULL,
    page_clock TEXT, http_status INTEGER, source TEXT NOT NULL, sha256 TEXT NOT NULL,
    warc_file TEXT NOT NULL, warc_offset INTEGER NOT NULL,
    url_key TEXT, media_type TEXT NOT NULL, payload_bytes INTEGER NOT NULL,
    is_cut INTEGER NOT NULL, clock_deviation INTEGER, payload_digest TEXT, evidence TEXT NOT NULL,
    is_revisit INTEGER NOT NULL, reader TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX _retracted_payload ON _retracted (payload_digest) WHERE payload_digest IS NOT NULL;
CREATE INDEX _retracted_url ON _retracted (url, id);
CREATE INDEX _retracted_bytes ON _retracted (sha256) WHERE NOT is_revisit;

-- Told ---------------------------------------------------------------------------------------------

-- A change, a failure or a silence that was told to a name: of `report --new`, or of [[alerts]].
-- The row as it was told is kept, for it may be all that is left of it.
CREATE TABLE _told (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, change_id TEXT NOT NULL, kind TEXT NOT NULL,
    subject TEXT NOT NULL, field TEXT NOT NULL, before TEXT, after TEXT, row TEXT NOT NULL,
    at TEXT NOT NULL, message INTEGER REFERENCES _messages (id), taken_back TEXT
) STRICT;
CREATE UNIQUE INDEX _told_now ON _told (name, change_id) WHERE taken_back IS NULL;
-- A message of [[alerts]]: written down with what it tells, then sent, then marked as sent. One that
-- is sent again has the same key. Reached are the digests of the addresses that have it.
CREATE TABLE _messages (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, made_at TEXT NOT NULL,
    title TEXT NOT NULL, body TEXT NOT NULL, reached TEXT NOT NULL, tries INTEGER NOT NULL,
    sent_at TEXT, error TEXT
) STRICT;
CREATE INDEX _messages_unsent ON _messages (name, id) WHERE sent_at IS NULL;
