"""The tables: migrations, one appended at a time, never edited once released.

Facts are append-only, and can be read anew from the raw captures: ``captures``, ``headers``,
``forms``, ``sightings``, ``snapshots``, ``counter_readings``, ``problems`` of captures. What is
derived from them (``_DERIVED``) can be made anew. All other tables hold what no raw capture tells:
runs, what was rejected, what the web archives offer, what a crawl or an import must remember.
Foreign keys are declared for readers (Datasette links along them); facts arrive before the
statements they belong to are known, so they are not enforced.
"""

from sqlite_utils.db import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("embassy_scraper")
VERSION = 14  # the number of the schema, which is that of the last migration

_FACTS = """
CREATE TABLE captures (
    id TEXT PRIMARY KEY, url TEXT, page_kind TEXT NOT NULL, captured_at TEXT NOT NULL,
    page_clock TEXT, http_status INTEGER, source TEXT NOT NULL, sha256 TEXT NOT NULL,
    warc_file TEXT NOT NULL, warc_offset INTEGER NOT NULL,
    url_key TEXT, media_type TEXT NOT NULL, payload_bytes INTEGER NOT NULL,
    is_cut INTEGER NOT NULL, clock_deviation INTEGER, payload_digest TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX captures_payload ON captures (payload_digest) WHERE payload_digest IS NOT NULL;
CREATE INDEX captures_gone ON captures (url_key, http_status)
    WHERE http_status IN (404, 410);
CREATE INDEX captures_url ON captures (url, id);
CREATE TABLE headers (
    capture TEXT PRIMARY KEY REFERENCES captures (id), page_date TEXT, language TEXT NOT NULL,
    label TEXT, phone TEXT, email TEXT, shape TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX headers_language ON headers (language, capture);
CREATE TABLE forms (
    id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, is_page INTEGER NOT NULL, url_key TEXT,
    title TEXT, lead TEXT, body TEXT, date TEXT, date_text TEXT, published_at TEXT,
    signature_text TEXT, is_open INTEGER NOT NULL, twin INTEGER NOT NULL,
    first_capture TEXT NOT NULL, title_digest INTEGER, core INTEGER, statement TEXT NOT NULL
) STRICT;
CREATE INDEX forms_title ON forms (title_digest);
CREATE INDEX forms_url ON forms (url_key) WHERE url_key IS NOT NULL;
CREATE INDEX forms_core ON forms (core);
CREATE INDEX forms_statement ON forms (statement);
CREATE TABLE sightings (
    statement TEXT NOT NULL REFERENCES statements (key),
    capture TEXT NOT NULL REFERENCES captures (id), list TEXT NOT NULL,
    position INTEGER NOT NULL, start INTEGER NOT NULL, form INTEGER NOT NULL,
    PRIMARY KEY (capture, list, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX sightings_statement ON sightings (statement, list, capture, form, start);
CREATE TABLE snapshots (
    capture TEXT NOT NULL REFERENCES captures (id), list TEXT NOT NULL, start INTEGER NOT NULL,
    covers_after TEXT, covers_until TEXT, entries INTEGER NOT NULL, newest TEXT,
    PRIMARY KEY (capture, list)
) STRICT, WITHOUT ROWID;
CREATE INDEX snapshots_list ON snapshots (list, capture, covers_after, covers_until, newest);
CREATE INDEX snapshots_start ON snapshots (list, start, capture);
CREATE TABLE counter_readings (
    event TEXT NOT NULL,
    capture TEXT NOT NULL REFERENCES captures (id), captured_at TEXT NOT NULL, page_date TEXT,
    value INTEGER NOT NULL, since_date TEXT, unit TEXT NOT NULL, label TEXT NOT NULL,
    PRIMARY KEY (capture, event)
) STRICT, WITHOUT ROWID;
CREATE TABLE problems (
    capture TEXT REFERENCES captures (id), path TEXT, what TEXT NOT NULL,
    "where" TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX problems_once
    ON problems (coalesce(capture, ''), coalesce(path, ''), what, "where", text);
CREATE TABLE pending (capture TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE warc_files (
    name TEXT PRIMARY KEY, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, command TEXT NOT NULL,
    counts TEXT NOT NULL, outcome TEXT NOT NULL
) STRICT;
"""

_DERIVED = """
CREATE TABLE statements (
    key TEXT PRIMARY KEY, title TEXT, published_on TEXT, published_at TEXT, url TEXT,
    status TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,
    versions INTEGER NOT NULL, lead TEXT, body TEXT, first_capture TEXT NOT NULL,
    absent_capture TEXT, dated_from TEXT, dated_until TEXT, is_gone INTEGER NOT NULL,
    is_plain INTEGER NOT NULL
) STRICT;
CREATE INDEX statements_dated ON statements (dated_until, dated_from, first_capture);
CREATE TABLE versions (
    statement TEXT NOT NULL REFERENCES statements (key), number INTEGER NOT NULL, title TEXT,
    lead TEXT, body TEXT, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,
    first_capture TEXT NOT NULL REFERENCES captures (id),
    PRIMARY KEY (statement, number)
) STRICT;
CREATE TABLE places (
    statement TEXT NOT NULL REFERENCES statements (key), list TEXT NOT NULL,
    last_instant TEXT NOT NULL, last_start INTEGER NOT NULL, is_missing INTEGER NOT NULL,
    PRIMARY KEY (statement, list)
) STRICT, WITHOUT ROWID;
CREATE TABLE renames (
    old INTEGER NOT NULL, new INTEGER NOT NULL, list TEXT NOT NULL, capture TEXT NOT NULL,
    PRIMARY KEY (old, list, capture, new)
) STRICT, WITHOUT ROWID;
CREATE INDEX renames_new ON renames (new);
CREATE TABLE stretches (
    field TEXT NOT NULL, language TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
    value TEXT NOT NULL, PRIMARY KEY (field, language, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE counters (
    event TEXT PRIMARY KEY, unit TEXT NOT NULL, since_date TEXT, label TEXT NOT NULL,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE changes (
    change_id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, title TEXT,
    published_on TEXT, url TEXT, field TEXT NOT NULL, before TEXT, after TEXT, significance TEXT,
    similarity REAL, observed_after TEXT, observed_by TEXT NOT NULL, capture_before TEXT,
    capture_after TEXT NOT NULL REFERENCES captures (id), note TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX changes_subject ON changes (subject);
CREATE INDEX changes_observed ON changes (observed_by, kind, subject);
"""

_WAITING = """
CREATE TABLE waiting_revisits (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL, "where" TEXT NOT NULL, digest TEXT NOT NULL,
    refers_to TEXT NOT NULL, refers_at TEXT NOT NULL, own TEXT NOT NULL,
    UNIQUE (path, "where", digest, refers_to, refers_at, own)
) STRICT;
"""

_LIVE = """
CREATE TABLE visits (
    url TEXT PRIMARY KEY, fetched_at TEXT NOT NULL, http_status INTEGER NOT NULL, etag TEXT,
    last_modified TEXT, capture TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE walks (
    list TEXT PRIMARY KEY, open_from INTEGER NOT NULL, sure_until INTEGER NOT NULL,
    is_deep INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE robots (
    host TEXT PRIMARY KEY, fetched_at TEXT NOT NULL, http_status INTEGER, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

_OFFERS = """
CREATE TABLE offers (
    id INTEGER PRIMARY KEY, archive TEXT NOT NULL, timestamp TEXT NOT NULL, url TEXT NOT NULL,
    mime TEXT NOT NULL, http_status INTEGER, digest TEXT NOT NULL, length INTEGER, file TEXT,
    offset INTEGER, state TEXT NOT NULL, tries INTEGER NOT NULL, reason TEXT, capture TEXT,
    UNIQUE (archive, url, timestamp)
) STRICT;
CREATE INDEX offers_state ON offers (archive, state, id);
CREATE TABLE queries (
    archive TEXT NOT NULL, query TEXT NOT NULL, place TEXT, is_done INTEGER NOT NULL,
    PRIMARY KEY (archive, query)
) STRICT, WITHOUT ROWID;
"""

_SHARDS = """
CREATE TABLE shards (
    name TEXT PRIMARY KEY, captures INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

_OFFERS_BY_DIGEST = """
ALTER TABLE offers RENAME TO earlier_offers;
DROP INDEX offers_state;
CREATE TABLE offers (
    id INTEGER PRIMARY KEY, archive TEXT NOT NULL, timestamp TEXT NOT NULL, url TEXT NOT NULL,
    mime TEXT NOT NULL, http_status INTEGER, digest TEXT NOT NULL, length INTEGER, file TEXT,
    offset INTEGER, state TEXT NOT NULL, tries INTEGER NOT NULL, reason TEXT, capture TEXT,
    UNIQUE (archive, url, timestamp, digest)
) STRICT;
CREATE INDEX offers_state ON offers (archive, state, id);
INSERT INTO offers SELECT * FROM earlier_offers;
DROP TABLE earlier_offers;
"""

_EVIDENCE = """
CREATE TABLE evidence (
    capture TEXT PRIMARY KEY, evidence TEXT NOT NULL, warc_file TEXT NOT NULL,
    warc_offset INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE waiting_revisits ADD COLUMN original TEXT;
CREATE INDEX waiting_revisits_original ON waiting_revisits (original);
"""

_SITE = """
CREATE TABLE _site (name TEXT NOT NULL, facts TEXT NOT NULL, reader TEXT NOT NULL) STRICT;
INSERT INTO _site SELECT 'rusemb', '', '' WHERE EXISTS (SELECT 1 FROM captures);
"""

_PLACES = """
ALTER TABLE forms DROP COLUMN twin;
ALTER TABLE forms ADD COLUMN signed_on TEXT;
ALTER TABLE forms ADD COLUMN is_box INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sightings RENAME TO earlier_sightings;
DROP INDEX sightings_statement;
CREATE TABLE sightings (
    statement TEXT NOT NULL REFERENCES statements (key),
    capture TEXT NOT NULL REFERENCES captures (id), list TEXT NOT NULL, position INTEGER,
    start INTEGER NOT NULL, form INTEGER NOT NULL, number INTEGER NOT NULL,
    is_left_out INTEGER NOT NULL,
    PRIMARY KEY (capture, list, number)
) STRICT, WITHOUT ROWID;
INSERT INTO sightings SELECT statement, capture, list, position, start, form, position, 0
    FROM earlier_sightings;
DROP TABLE earlier_sightings;
CREATE INDEX sightings_statement
    ON sightings (statement, list, capture, form, start, is_left_out);
"""

_TEXTS_ONCE = """
ALTER TABLE statements DROP COLUMN lead;
ALTER TABLE statements DROP COLUMN body;
"""


@migrations()
def m001_facts(db: Database) -> None:
    """Make the tables of what was seen."""
    _run(db, _FACTS)


@migrations()
def m002_derived(db: Database) -> None:
    """Make the tables of what follows from it, and full-text search over statements."""
    _run(db, _DERIVED)
    db.table("statements").enable_fts(["title", "lead", "body"], create_triggers=True)


@migrations()
def m003_evidence(db: Database) -> None:
    """Keep what is known of a capture beside its bytes."""
    db.execute("ALTER TABLE captures ADD COLUMN evidence TEXT NOT NULL DEFAULT ''")


@migrations()
def m004_waiting_revisits(db: Database) -> None:
    """Keep the revisits whose original is not here yet."""
    _run(db, _WAITING)


@migrations()
def m005_live(db: Database) -> None:
    """Keep what a live crawl must remember, and what came of each run."""
    db.execute("ALTER TABLE captures ADD COLUMN is_revisit INTEGER NOT NULL DEFAULT 0")
    db.execute("CREATE INDEX captures_bytes ON captures (sha256) WHERE NOT is_revisit")
    db.execute("ALTER TABLE runs ADD COLUMN job TEXT")
    db.execute("ALTER TABLE runs ADD COLUMN note TEXT")
    _run(db, _LIVE)


@migrations()
def m006_offers(db: Database) -> None:
    """Keep what the web archives offer, and what became of it."""
    _run(db, _OFFERS)


@migrations()
def m007_shards(db: Database) -> None:
    """Keep what an import that is under way has done of large files."""
    _run(db, _SHARDS)


@migrations()
def m008_offers_by_digest(db: Database) -> None:
    """Tell apart what an archive has of one URL and second: a redirect, and the page behind it."""
    _run(db, _OFFERS_BY_DIGEST)


@migrations()
def m009_told_anew(db: Database) -> None:
    """Keep which captures were told to come from another source since the last derivation."""
    _run(db, "CREATE TABLE told_anew (capture TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")


@migrations()
def m010_evidence_to_come(db: Database) -> None:
    """Keep which captures are to be read anew, and which capture each revisit repeats."""
    _run(db, _EVIDENCE)


@migrations()
def m011_reader(db: Database) -> None:
    """Keep of which site the captures are, and by which profile and reader they were read."""
    db.execute("ALTER TABLE captures ADD COLUMN reader TEXT NOT NULL DEFAULT ''")
    _run(db, _SITE)


@migrations()
def m012_places(db: Database) -> None:
    """Number the sightings of a place, so that one in a box needs no position; an entry that is
    printed twice word for word is one, and what stands out of order is marked.

    What is new in forms is there once the captures are read anew, which their reader asks for.
    """
    _run(db, _PLACES)


@migrations()
def m013_search_versions(db: Database) -> None:
    """Search all versions, which hold the texts; statements no longer repeat the last one."""
    db.table("statements").disable_fts()
    _run(db, _TEXTS_ONCE)
    db.table("versions").enable_fts(["title", "lead", "body"], create_triggers=True)


@migrations()
def m014_changed_sources(db: Database) -> None:
    """Call by its contents the table of captures whose source has changed."""
    db.execute("ALTER TABLE told_anew RENAME TO changed_sources")


def _run(db: Database, script: str) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
