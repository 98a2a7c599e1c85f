"""The limits of what strangers send: one table, used where each of them is enforced.

Whatever is over a limit is told as a problem, and the run takes the next page or file. Real
pages and archives stay far below all of them. docs/reliability.md shows the table; how much of our
own data our own pages show is no business of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

MAX_HEAD_BYTES = 262_144
MAX_ANSWER_BYTES = 8_000_000
MAX_BYTES = 32_000_000
MAX_ENCODINGS = 5
MAX_MEMBERS = 100_000
MAX_CHUNK_LINE = 1_024
MAX_ROBOTS_BYTES = 500 * 1024
MAX_ROBOTS_REDIRECTS = 5
MAX_ROBOTS_PAIRS = 1_000_000  # the parser keeps a rule for each name of a robot
MAX_REDIRECTS = 5
MAX_SILENT = 8
MAX_BUSY = 8
MAX_INDEX_PAGES = 10_000
MAX_INDEX_EMPTY = 20
MAX_INDEX_CRAWLS = 1_000
MAX_INDEX_BYTES = 16_000_000
MAX_INDEX_ROWS = 100_000  # Common Crawl's answers hold 15,000, Wayback's those asked for
MAX_TRIES = 3
MAX_WET_BYTES = 2_000_000_000
MAX_URL = 6_000
MAX_NAME = 60
MAX_NESTED = 10
MAX_PAGE_BYTES = 8_000_000
MAX_TAGS = 25_000
MAX_TAGS_IN_LINE = 10_000
MAX_ATTRIBUTES = 1_000
MAX_LINES = 4_000
MAX_ENDS = 3 * MAX_LINES  # most lines may be empty
MAX_TEXT = 500_000
MAX_MARKUP = 2_000_000
MAX_DEPTH = 200
MAX_WORDS_COMPARED = 20_000
MAX_ALIKE = 500_000
MAX_NEAR = 10
MAX_REWORDED = 10_000  # a page of the site has three counters
MAX_RIVALS = 100
MAX_LEAD = 1_000
MAX_KEPT_HEAD = 30_000
MAX_HTTP_HEAD = 65_536  # FastWARC reads none of over half of it
MAX_RECORD_HEAD = 65_536
MAX_ARC_LINE = 20_000
MAX_ANSWER_HEADS = 50
MAX_UNPACKED_BYTES = 4_000_000_000
MAX_UNPACKED_TIMES = 100
MAX_MHTML_BYTES = 16_000_000
MAX_MHTML_LINES = 400_000
MAX_MHTML_PARTS = 20_000
MAX_MHTML_FIELD = 16_000
MAX_DICTIONARY = 16_000_000
MAX_ZIP_LIST = 16_000_000
MAX_STRETCHES = 10_000
MAX_NOTE = 1_000_000
MAX_MANIFEST = 16_000_000
MAX_NAMED = 400_000
MAX_LIST = 32_000_000  # those of Common Crawl have half of it
MAX_TIMESTAMP = 1_000_000
MAX_DEATHS = 2
MAX_TOML_BYTES = 1_000_000  # settings with hundreds of layouts are within both
MAX_TOML_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit.

    Its ``name`` in this module, how many of which ``unit``, ``of`` what, and what happens ``over``.
    """

    name: str
    value: int
    unit: str
    of: str
    over: str


_REFUSED = "it is refused in one line, and nothing is done"
_NO_PAGE = "a problem of that page, which is not stored; not asked for again in that run"
_UNREAD = "the page is stored and not read; a problem says so"
_REJECTED = "rejected, with its place"
_GIVEN_UP = "no more of that index is read; what it offered is fetched, the next run begins there"

TABLE = {
    "Asking a server": (
        Limit("MAX_HEAD_BYTES", MAX_HEAD_BYTES, "bytes", "the head of an answer, with all answers"
              " 1xx before it", _NO_PAGE),
        Limit("MAX_ANSWER_BYTES", MAX_ANSWER_BYTES, "bytes", "an answer of the site, as it comes"
              " and unpacked, unless `[crawl] max_bytes` says otherwise", _NO_PAGE),
        Limit("MAX_ENCODINGS", MAX_ENCODINGS, "encodings", "a body packed again and again",
              "a problem of that page or record, which is not stored"),
        Limit("MAX_ROBOTS_BYTES", MAX_ROBOTS_BYTES, "bytes", "robots.txt (RFC 9309)",
              "the lines up to there count; the rest is not fetched"),
        Limit("MAX_ROBOTS_PAIRS", MAX_ROBOTS_PAIRS, "pairs", "names of robots times lines of"
              " robots.txt", "nothing is fetched; the run says why"),
        Limit("MAX_ROBOTS_REDIRECTS", MAX_ROBOTS_REDIRECTS, "redirects", "robots.txt (RFC 9309)",
              "there is none, and everything is allowed"),
        Limit("MAX_REDIRECTS", MAX_REDIRECTS, "redirects", "one page, to other spellings of its"
              " address", "the redirect itself is stored"),
        Limit("MAX_SILENT", MAX_SILENT, "requests", "no answer to one after the other",
              "the run ends and says why"),
        Limit("MAX_BUSY", MAX_BUSY, "answers", "429 or 503 to one request after the other",
              "the run ends and says why"),
        Limit("MAX_TIMESTAMP", MAX_TIMESTAMP, "bytes", "the answer of a time-stamping authority",
              "no time stamp is written; the command says so"),
    ),
    "Web archives": (
        Limit("MAX_INDEX_PAGES", MAX_INDEX_PAGES, "pages", "what the indexes of an archive"
              " answer in one run", _GIVEN_UP),
        Limit("MAX_INDEX_EMPTY", MAX_INDEX_EMPTY, "pages", "pages of an index in a row that offer"
              " nothing", _GIVEN_UP),
        Limit("MAX_INDEX_CRAWLS", MAX_INDEX_CRAWLS, "crawls", "Common Crawl's list of its crawls",
              "the newest are read; a problem says so"),
        Limit("MAX_INDEX_BYTES", MAX_INDEX_BYTES, "bytes", "an answer of an index, as it comes and"
              " unpacked", _GIVEN_UP),
        Limit("MAX_INDEX_ROWS", MAX_INDEX_ROWS, "rows", "an answer of an index", _GIVEN_UP),
        Limit("MAX_TRIES", MAX_TRIES, "runs", "runs in which an archive's capture failed",
              "it is given up; a problem says why"),
        Limit("MAX_WET_BYTES", MAX_WET_BYTES, "bytes", "a file of texts of Common Crawl",
              "it is not read; what is wanted of it is a problem"),
        Limit("MAX_URL", MAX_URL, "characters", "an address, or a resume key of an index",
              "the row or record is a problem; no more of that index is read"),
        Limit("MAX_NESTED", MAX_NESTED, "archives", "an archive's page of another archive's page",
              "the address inside so many counts"),
    ),
    "A page": (
        Limit("MAX_PAGE_BYTES", MAX_PAGE_BYTES, "bytes", "a page, unpacked", _UNREAD),
        Limit("MAX_TAGS", MAX_TAGS, "tags", "a page", _UNREAD),
        Limit("MAX_TAGS_IN_LINE", MAX_TAGS_IN_LINE, "tags", "one line of a page, with the pieces of"
              " text between them", _UNREAD),
        Limit("MAX_ATTRIBUTES", MAX_ATTRIBUTES, "attributes", "one tag of a large page", _UNREAD),
        Limit("MAX_LINES", MAX_LINES, "lines", "the text of a page", _UNREAD),
        Limit("MAX_ENDS", MAX_ENDS, "lines", "the text of a page, with the empty ones", _UNREAD),
        Limit("MAX_TEXT", MAX_TEXT, "characters", "the text of a page", _UNREAD),
        Limit("MAX_MARKUP", MAX_MARKUP, "characters", "a page without the pictures and fonts that a"
              " saver has put into it", _UNREAD),
        Limit("MAX_DEPTH", MAX_DEPTH, "elements", "elements inside each other", _UNREAD),
        Limit("MAX_NAME", MAX_NAME, "characters", "the name of a list that only an address tells",
              "the address is that of a page, and of no list"),
        Limit("MAX_KEPT_HEAD", MAX_KEPT_HEAD, "bytes", "the HTTP head that is kept with a page",
              "the first fields are kept, those that tell something before the others"),
    ),
    "The history": (
        Limit("MAX_ALIKE", MAX_ALIKE, "pairs", "wordings of one title on one day, but not at"
              " one address; one without a date may be of any day; 1,000 of one day are so many",
              "they are not compared, so that each address is a statement of its own, and each"
              " wording without one; a problem says so"),
        Limit("MAX_RIVALS", MAX_RIVALS, "entries", "the day or the title of one that is missing,"
              " in the windows that lack it", "none of them is taken for it with another title or"
              " date: it was withdrawn, and they were added"),
        Limit("MAX_REWORDED", MAX_REWORDED, "pairs", "counters that are gone times new lines that"
              " go on as they would, from one header to the next",
              "none is taken for another in other words: they vanished and appeared"),
        Limit("MAX_NEAR", MAX_NEAR, "captures", "one page within five minutes, before the one that"
              " is compared with them", "it is compared with the nearest"),
        Limit("MAX_LEAD", MAX_LEAD, "words", "a lead, compared with another lead or with a body",
              "its first words are compared, so many"),
        Limit("MAX_WORDS_COMPARED", MAX_WORDS_COMPARED, "words", "what an edit changed, from its"
              " first word to its last", "it is told as one passage"),
    ),
    "A file": (
        Limit("MAX_BYTES", MAX_BYTES, "bytes", "a saved page, a record, its body unpacked, an"
              " answer of an archive", _REJECTED),
        Limit("MAX_MHTML_BYTES", MAX_MHTML_BYTES, "bytes", "an MHTML file", _REJECTED),
        Limit("MAX_MHTML_LINES", MAX_MHTML_LINES, "lines", "an MHTML file", _REJECTED),
        Limit("MAX_MHTML_PARTS", MAX_MHTML_PARTS, "lines", "lines of an MHTML file that begin as"
              " those between its parts", _REJECTED),
        Limit("MAX_MHTML_FIELD", MAX_MHTML_FIELD, "characters", "a field of an MHTML file that has"
              " parameters or encoded words", _REJECTED),
        Limit("MAX_MEMBERS", MAX_MEMBERS, "members", "one body of many gzip members or zstd frames",
              _REJECTED),
        Limit("MAX_CHUNK_LINE", MAX_CHUNK_LINE, "bytes", "the line before a chunk of a body",
              "the body is cut off there"),
        Limit("MAX_HTTP_HEAD", MAX_HTTP_HEAD, "bytes", "the HTTP head of a saved answer, or in a"
              " record", _REJECTED),
        Limit("MAX_RECORD_HEAD", MAX_RECORD_HEAD, "bytes", "the head of a record",
              "the record is damaged; the next is read"),
        Limit("MAX_ARC_LINE", MAX_ARC_LINE, "bytes", "the head of an ARC record",
              "the record is damaged; the next is read"),
        Limit("MAX_ANSWER_HEADS", MAX_ANSWER_HEADS, "heads", "a saved answer with those of"
              " redirects before its own", "what follows is read as the page"),
        Limit("MAX_UNPACKED_BYTES", MAX_UNPACKED_BYTES, "bytes", "what a packed archive unpacks"
              " to, or the next line if that is more", "the rest is not read; a problem says so"),
        Limit("MAX_UNPACKED_TIMES", MAX_UNPACKED_TIMES, "times", "the size of a packed archive,"
              " compared with what it unpacks to", "the rest is not read; a problem says so"),
        Limit("MAX_DICTIONARY", MAX_DICTIONARY, "bytes", "the zstd dictionary of an archive",
              "it is not used, and no record that needs it can be read"),
        Limit("MAX_ZIP_LIST", MAX_ZIP_LIST, "bytes", "the list of members of a WACZ file",
              _REJECTED),
        Limit("MAX_STRETCHES", MAX_STRETCHES, "stretches", "damage in one archive",
              "the rest is not read; a problem says so"),
        Limit("MAX_NOTE", MAX_NOTE, "bytes", "a record that tells of a capture of ours",
              "it is damaged"),
        Limit("MAX_MANIFEST", MAX_MANIFEST, "bytes", "a `manifest.tsv`",
              "it is not read; a problem says so"),
        Limit("MAX_LIST", MAX_LIST, "bytes", "a list of files for `--list`, unpacked", _REFUSED),
        Limit("MAX_NAMED", MAX_NAMED, "lines", "a `manifest.tsv` or such a list",
              "the same as for its bytes"),
        Limit("MAX_DEATHS", MAX_DEATHS, "times", "that one page or record kills the process"
              " which reads it",
              _REJECTED),
    ),
    "Settings and profiles": (
        Limit("MAX_TOML_BYTES", MAX_TOML_BYTES, "bytes", "the file", _REFUSED),
        Limit("MAX_TOML_DEPTH", MAX_TOML_DEPTH, "tables and lists", "tables and lists in each"
              " other", _REFUSED),
    ),
}  # fmt: skip


_SECTION = """
Whatever strangers send is bounded: answers, indexes, pages, files. Over a limit a problem is stored
and shown, and the run takes the next page, capture or file. Tests send answers without end
from real servers and watch the memory of the run (`tests/crawl/test_floods.py`,
`tests/backfill/test_endless.py`), and files that unpack to more than any (`tests/archives`).

In `embassy.toml` `[crawl]` and `[archives]` bound further how long an answer may take, to its last
byte (`timeout`), how often it is asked for again (`retries`), and for how long a server may make a
run wait (`longest_wait`); `[crawl] budget` bounds the requests of a run.
"""


def as_markdown() -> Iterator[str]:
    """Yield the text of the section Limits of docs/reliability.md."""
    yield _SECTION
    for group, limits in TABLE.items():
        yield f"\n### {group}\n\n| at most | of | over it |\n|---|---|---|\n"
        for one in limits:
            yield f"| {one.value:,} {one.unit} | {one.of} | {one.over} |\n"
