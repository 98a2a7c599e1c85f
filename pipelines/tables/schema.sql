-- The tables. Facts are written once, and can be read again from the raw captures; spans and what is
-- derived follow from them; state is what no raw capture tells. Internal tables begin with "_".
-- Foreign keys are declared for readers (Datasette links along them); facts arrive before the
-- statements they belong to are known, so they are not enforced.

-- Facts ------------------------------------------------------------------------------------------

-- One observation of one URL at one instant, and where its raw record lies.
CREATE TABLE captures (
    id TEXT PRIMARY KEY, url TEXT, page_kind TEXT NOT NULL, captured_at TEXT NOT NULL,
    page_clock TEXT, http_status INTEGER, source TEXT NOT NULL, sha256 TEXT NOT NULL,
    warc_file TEXT NOT NULL, warc_offset INTEGER NOT NULL,
    url_key TEXT, media_type TEXT NOT NULL, payload_bytes INTEGER NOT NULL,
    is_cut INTEGER NOT NULL, clock_deviation INTEGER, payload_digest TEXT, evidence TEXT NOT NULL,
    is_revisit INTEGER NOT NULL, reader TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX captures_payload ON captures (payload_digest) WHERE payload_digest IS NOT NULL;
CREATE INDEX captures_url ON captures (url, id);
CREATE INDEX captures_bytes ON captures (sha256) WHERE NOT is_revisit;

-- A page's header in values.
CREATE TABLE headers (
    capture TEXT PRIMARY KEY REFERENCES captures (id), page_date TEXT, language TEXT NOT NULL,
    label TEXT, phone TEXT, email TEXT
) STRICT, WITHOUT ROWID;

-- Every text once: titles, leads, bodies, and what headers show.
CREATE TABLE _texts (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, text TEXT NOT NULL) STRICT;

-- One distinct text under which a statement was printed, in a list, in a box or on its own page;
-- core and statement say which of them are one.
CREATE TABLE _wordings (
    id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, is_page INTEGER NOT NULL,
    is_box INTEGER NOT NULL, is_open INTEGER NOT NULL, url_key TEXT,
    title INTEGER REFERENCES _texts (id), lead INTEGER REFERENCES _texts (id),
    body INTEGER REFERENCES _texts (id), date TEXT, date_text TEXT, published_at TEXT,
    signed_on TEXT, signature_text TEXT, first_capture TEXT NOT NULL, title_digest INTEGER,
    core INTEGER, statement TEXT NOT NULL
) STRICT;
CREATE INDEX _wordings_title ON _wordings (title_digest);
CREATE INDEX _wordings_url ON _wordings (url_key) WHERE url_key IS NOT NULL;
CREATE INDEX _wordings_core ON _wordings (core);
CREATE INDEX _wordings_statement ON _wordings (statement);
CREATE INDEX _wordings_date ON _wordings (date);

-- One distinct content of one part of a page: a window of a list, the side boxes, an own page.
CREATE TABLE _parts (
    id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, place TEXT NOT NULL,
    start INTEGER NOT NULL, covers_after TEXT, covers_until TEXT, newest TEXT,
    entries INTEGER, first_capture TEXT NOT NULL
) STRICT;
CREATE TABLE _entries (
    part INTEGER NOT NULL REFERENCES _parts (id), number INTEGER NOT NULL, position INTEGER,
    wording INTEGER NOT NULL REFERENCES _wordings (id), is_left_out INTEGER NOT NULL,
    PRIMARY KEY (part, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX _entries_wording ON _entries (wording, part);

-- What is observed over time at one place: a page of a list by its offset, an own page by its URL,
-- a field of the header by its language, what a page answered.
CREATE TABLE _series (
    id INTEGER PRIMARY KEY, place TEXT NOT NULL, subject TEXT NOT NULL, UNIQUE (place, subject)
) STRICT;
-- What one capture shows in one series: a part, a text, or a status.
CREATE TABLE _observations (
    series INTEGER NOT NULL REFERENCES _series (id), capture TEXT NOT NULL REFERENCES captures (id),
    value INTEGER NOT NULL, PRIMARY KEY (series, capture)
) STRICT, WITHOUT ROWID;
CREATE INDEX _observations_capture ON _observations (capture);

CREATE TABLE _counter_lines (
    id INTEGER PRIMARY KEY, event TEXT NOT NULL, unit TEXT NOT NULL, label TEXT NOT NULL,
    UNIQUE (event, unit, label)
) STRICT;
CREATE TABLE _readings (
    capture TEXT NOT NULL REFERENCES captures (id),
    line INTEGER NOT NULL REFERENCES _counter_lines (id), page_date TEXT, value INTEGER NOT NULL,
    since_date TEXT, PRIMARY KEY (capture, line)
) STRICT, WITHOUT ROWID;

-- What could not be read, was rejected, or is shown differently by two sources.
CREATE TABLE problems (
    capture TEXT REFERENCES captures (id), path TEXT, what TEXT NOT NULL,
    "where" TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX problems_once
    ON problems (coalesce(capture, ''), coalesce(path, ''), what, "where", text);

-- Between facts and history ------------------------------------------------------------------------

-- Unbroken runs: from capture to capture a series shows one value, with no other between.
CREATE TABLE _spans (
    series INTEGER NOT NULL REFERENCES _series (id), first TEXT NOT NULL, last TEXT NOT NULL,
    value INTEGER NOT NULL, PRIMARY KEY (series, first)
) STRICT, WITHOUT ROWID;
CREATE INDEX _spans_value ON _spans (value);
CREATE TABLE _renames (
    old INTEGER NOT NULL, new INTEGER NOT NULL, list TEXT NOT NULL, capture TEXT NOT NULL,
    PRIMARY KEY (old, list, capture, new)
) STRICT, WITHOUT ROWID;
CREATE INDEX _renames_new ON _renames (new);
-- An undated page (its core) that fits several statements: it belongs to them if they are one.
CREATE TABLE _doubts (
    page INTEGER NOT NULL, other INTEGER NOT NULL, PRIMARY KEY (page, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX _doubts_other ON _doubts (other);
CREATE TABLE _pending (capture TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- Derived ------------------------------------------------------------------------------------------

-- One thing the embassy published, as it stands now: listed, out_of_view or withdrawn.
CREATE TABLE statements (
    key TEXT PRIMARY KEY, title TEXT, published_on TEXT, published_at TEXT, url TEXT,
    status TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,
    versions INTEGER NOT NULL
) STRICT;
-- When a statement was first seen, the latest sign of its absence before, and between which dates
-- it stands: by these a new window finds the statements whose absence from it tells anything.
CREATE TABLE _bounds (
    statement TEXT PRIMARY KEY, first_capture TEXT NOT NULL, absent_capture TEXT, dated_from TEXT,
    dated_until TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX _bounds_dated ON _bounds (dated_until, dated_from);
CREATE TABLE _versions (
    id INTEGER PRIMARY KEY, statement TEXT NOT NULL REFERENCES statements (key),
    number INTEGER NOT NULL, title INTEGER, lead INTEGER, body INTEGER, first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL, first_capture TEXT NOT NULL REFERENCES captures (id),
    UNIQUE (statement, number)
) STRICT;
-- A "N days have passed since …" line.
CREATE TABLE counters (
    event TEXT PRIMARY KEY, unit TEXT NOT NULL, since_date TEXT, label TEXT NOT NULL,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- A difference between snapshots: the report.
CREATE TABLE changes (
    change_id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, title TEXT,
    published_on TEXT, url TEXT, field TEXT NOT NULL, before TEXT, after TEXT, significance TEXT,
    similarity REAL, observed_after TEXT, observed_by TEXT NOT NULL, capture_before TEXT,
    capture_after TEXT NOT NULL REFERENCES captures (id), note TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX changes_subject ON changes (subject);
CREATE INDEX changes_observed ON changes (observed_by, kind, subject);
CREATE INDEX _changes_gone ON changes (capture_after) WHERE kind = 'page_gone';

-- State: what no raw capture tells -------------------------------------------------------------------

-- When this database first had a change, so that news of old days is found as news.
CREATE TABLE _learned (change_id TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE _warc_files (
    name TEXT PRIMARY KEY, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- One run of a command, and what came of it.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, command TEXT NOT NULL,
    counts TEXT NOT NULL, outcome TEXT NOT NULL, job TEXT, note TEXT
) STRICT;
CREATE TABLE _waiting_revisits (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL, "where" TEXT NOT NULL, digest TEXT NOT NULL,
    refers_to TEXT NOT NULL, refers_at TEXT NOT NULL, own TEXT NOT NULL, original TEXT,
    UNIQUE (path, "where", digest, refers_to, refers_at, own)
) STRICT;
CREATE INDEX _waiting_revisits_original ON _waiting_revisits (original);
CREATE TABLE _visits (
    url TEXT PRIMARY KEY, fetched_at TEXT NOT NULL, http_status INTEGER NOT NULL, etag TEXT,
    last_modified TEXT, capture TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE _walks (
    list TEXT PRIMARY KEY, open_from INTEGER NOT NULL, sure_until INTEGER NOT NULL,
    is_deep INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE _robots (
    host TEXT PRIMARY KEY, fetched_at TEXT NOT NULL, http_status INTEGER, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE _offers (
    id INTEGER PRIMARY KEY, archive TEXT NOT NULL, timestamp TEXT NOT NULL, url TEXT NOT NULL,
    mime TEXT NOT NULL, http_status INTEGER, digest TEXT NOT NULL, length INTEGER, file TEXT,
    offset INTEGER, state TEXT NOT NULL, tries INTEGER NOT NULL, reason TEXT, capture TEXT,
    UNIQUE (archive, url, timestamp, digest)
) STRICT;
CREATE INDEX _offers_state ON _offers (archive, state, id);
CREATE TABLE _queries (
    archive TEXT NOT NULL, query TEXT NOT NULL, place TEXT, is_done INTEGER NOT NULL,
    PRIMARY KEY (archive, query)
) STRICT, WITHOUT ROWID;
CREATE TABLE _shards (name TEXT PRIMARY KEY, captures INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE _changed_sources (capture TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE _evidence (
    capture TEXT PRIMARY KEY, evidence TEXT NOT NULL, warc_file TEXT NOT NULL,
    warc_offset INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE _site (name TEXT NOT NULL, facts TEXT NOT NULL, reader TEXT NOT NULL) STRICT;
