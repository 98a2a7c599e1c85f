"""How files begin: signatures of binary files, and the first words of texts."""

import re
from email.message import Message
from email.parser import HeaderParser
from typing import Literal

from embassy_scraper.text import MOST_CONTROLS, count_controls

Kind = Literal[
    # read as captures
    "WARC", "ARC", "WACZ", "MHTML", "HTTP answer", "html", "text", "manifest",
    # documents that are not read
    "PDF", "HAR", "webarchive", "mail", "office document", "feed", "source view", "XML", "zip",
    "packed file", "tar", "other manifest", "unknown", "special", "link", "unreadable",
    # what goes with pages
    "images", "styles", "scripts", "fonts", "sound and video", "robots.txt", "sitemaps", "JSON",
    "archive indexes", "databases", "logs", "checksums", "HTTrack's own", "system files",
    "parts of saved pages",
]  # fmt: skip

_ANY_CASE = re.IGNORECASE | re.DOTALL
_MAGIC: tuple[tuple[Kind, bytes], ...] = (
    ("PDF", rb"\s{0,9}%PDF-"),
    (
        "images",
        rb"\x89PNG\r|\xff\xd8\xff|GIF8[79]a|II\*\x00|MM\x00\*|\x00\x00[\x01\x02]\x00|BM.{4}\x00{4}",
    ),
    ("images", rb"RIFF.{4}WEBP|.{4}ftyp(?:avi[fs]|hei[cfsx]|mif1|msf1)"),
    (
        "sound and video",
        rb"RIFF|.{4}ftyp|ID3[\x02-\x04]|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]|OggS|fLaC",
    ),
    (
        "sound and video",
        rb"\x1aE\xdf\xa3|FLV\x01|\x00\x00\x01[\xb3\xba]|0&\xb2u\x8ef|[CFZ]WS[\x01-\x2f]",
    ),
    ("fonts", rb"wOF[F2]|OTTO|ttcf\x00|\x00\x01\x00\x00\x00|true\x00|.{34}LP\x00"),
    ("office document", rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\{\\rtf"),
    ("zip", rb"PK(?:\x03\x04|\x05\x06)"),
    ("packed file", rb"7z\xbc\xaf|Rar!\x1a|BZh[1-9]1AY|\xfd7zXZ|\x04\"M\x18"),
    ("tar", rb".{257}ustar"),
    (
        "databases",
        rb"SQLite format 3\x00|7\x7f\x06[\x82\x83]|\xd9\xd5\x05\xf9 \xa1c\xd7"
        rb"|\x18\xe2-\x00|\x00-\xe2\x18",
    ),  # its log, its journal, the index of its log
    ("system files", rb"\x00\x00\x00\x01Bud1|\x00\x05\x16\x07"),
    ("webarchive", rb"bplist00.*WebMainResource"),
)
_SIGNATURES = tuple((kind, re.compile(pattern, re.DOTALL)) for kind, pattern in _MAGIC)
_ALSO_WORDS: frozenset[Kind] = frozenset({"images", "sound and video", "fonts"})  # in some text
_WORDS: tuple[tuple[Kind, str], ...] = (
    ("WARC", r"WARC/\d"),
    ("ARC", r"filedesc://"),
    ("HTTP answer", r"HTTP/\d(?:\.\d)? +\d{3}\b"),
    ("HAR", r'\{\s*(?:"[\w$]+"\s*:\s*"[^"]*"\s*,\s*)*"log"\s*:\s*\{'),
    ("JSON", r'\{\s*["}]|\[\s*["{]|\[\s*\[\s*["\]]'),
    (
        "archive indexes",
        r"CDX(?: [A-Za-z])+\s|!(?:meta|context|id|source|created) |[^\s/)]+\)\S* \d{14} ",
    ),
    ("robots.txt", r"(?:#[^\n]*\n|\s)*User-agent\s*:"),
    ("logs", r"--\d{4}-\d\d-\d\d \d\d:\d\d:\d\d--  |# (?:Netscape )?HTTP Cookie File|# HSTS "),
)
_INSIDE: tuple[tuple[Kind, re.Pattern[bytes]], ...] = (  # at the beginning of a line
    (
        "WARC",
        re.compile(rb"^WARC/[01]\.\d\d?\r?\n(?:[\w-]+:[^\n]*\n){0,50}?WARC-Type:", re.I | re.M),
    ),
    (
        "ARC",
        re.compile(
            rb"^(?:https?://|dns:)\S{1,8000} [\da-f.:]{3,45} \d{12,17} [\w./+;=-]{1,200}"
            rb"(?: -?\d{1,4} \S{1,100} \S{1,8000} -?\d{1,15} \S{1,300})? \d{1,15}\r?$",
            re.I | re.M,
        ),
    ),
)
_FIRST_WORDS = tuple((kind, re.compile(pattern, _ANY_CASE)) for kind, pattern in _WORDS)
_BLANK = " \t\r\n\f\ufeff" + "\xef\xbb\xbf"  # the mark of UTF-8 too, as Latin-1 shows it
_PROLOG = re.compile(
    r"(?:\s|\ufeff|<!--.*?-->|<\?.*?>"
    r"|<!doctype\s+(?P<doctype>[\w:.-]+)(?:[^>\[]|\[.*?\])*+>)*+",
    _ANY_CASE,
)
_ELEMENT = re.compile(r"<([a-z][\w:.-]*)[\s/>]", re.IGNORECASE)
_PAGE = frozenset("html head body frameset title meta".split())
_PARTS = frozenset(
    "a abbr address article aside b base big blockquote br button caption center cite code dd del"
    " div dl dt em embed fieldset figure font footer form frame h1 h2 h3 h4 h5 h6 header hr i"
    " iframe img input ins label li link main map nav noscript object ol option p pre q s script"
    " section select small span strike strong style sub sup table tbody td textarea tfoot th thead"
    " tr tt u ul".split()
)
_ROOTS: dict[str, Kind] = {
    "svg": "images", "rss": "feed", "feed": "feed", "rdf:rdf": "feed", "urlset": "sitemaps",
    "sitemapindex": "sitemaps", "opensearchdescription": "system files",
    "cross-domain-policy": "system files", "browserconfig": "system files",
}  # fmt: skip
_OF_MANIFEST = frozenset({"file", "url"})  # columns
_TAG = re.compile(r"</?([a-z][a-z0-9]*)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_SOURCE_VIEW = ('class="line-content"', "viewsource.css", '<pre id="line1"')  # Chrome's, Firefox's
_OUR_FEED = "<generator>embassy-scraper</generator>"
_HTTRACK_INDEX = "<title>Local index - HTTrack"
_FIELD = re.compile(r"(?:From [^\n]*\n)?[A-Za-z][A-Za-z0-9-]*:[ \t]")
_OF_MAIL = frozenset({"to", "received", "delivered-to", "return-path", "cc", "in-reply-to"})
_OF_MESSAGE = _OF_MAIL | {"from", "subject", "date", "message-id", "mime-version", "content-type"}


def kind_of_binary(head: bytes) -> Kind | None:
    """Return the kind of a binary file that begins with *head*; ``None`` where it may be a text."""
    kind = next((kind for kind, signature in _SIGNATURES if signature.match(head)), None)
    is_text = not count_controls(head.decode("latin-1"))
    return None if kind in _ALSO_WORDS and is_text else kind


def kind_of_text(head: bytes, named: Kind | None) -> Kind | None:
    """Return the kind of a text that begins with *head*; ``None`` where it is no text.

    Where a record of an archive begins in it, it is one that is damaged, or a part of one. What
    begins as a page is one. A text in which tags stand is HTML, or what it is *named*. Behind
    a head of words may follow what is binary: a body that is packed, a picture.
    """
    begin = _decoded(head).lstrip(_BLANK)
    kind = next((kind for kind, words in _FIRST_WORDS if words.match(begin)), None)
    inside = next((kind for kind, record in _INSIDE if record.search(head)), None)
    if inside is not None:
        return kind if kind in ("WARC", "ARC") else inside
    if kind is None and _FIELD.match(begin):
        kind = _kind_of_message(begin)
    if kind is None:
        kind = _kind_of_markup(begin)
    if kind is None and _is_manifest(begin):
        kind = "other manifest"
    if kind is None and _is_text(begin):
        kind = named or _kind_of_rest(begin)
    return _kind_of_html(begin) if kind == "html" else kind


def _decoded(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if head.startswith((b"<\0", b"\0<")):
        return head.decode("utf-16-le" if head[0] else "utf-16-be", "replace")
    return head.decode("latin-1")


def _is_manifest(text: str) -> bool:
    """Say whether the first line names the columns of a manifest, whatever parts them."""
    line = text.partition("\n")[0].lower()
    return any(
        {cell.strip().strip('"') for cell in line.split(mark)} >= _OF_MANIFEST for mark in "\t,;"
    )


def _is_text(text: str) -> bool:
    return count_controls(text) <= min(MOST_CONTROLS, len(text) // 20)


def _kind_of_markup(text: str) -> Kind | None:
    """Return the kind of what begins with a tag; ``None`` where that is not one of a known kind."""
    prolog = _PROLOG.match(text)
    assert prolog is not None  # it may be empty
    doctype = (prolog["doctype"] or "").lower()
    element = _ELEMENT.match(text, prolog.end())
    root = element[1].lower() if element else ""
    if doctype == "html" or root in _PAGE or root in _PARTS:
        return "html"
    if "plist" in (doctype, root):
        return "webarchive" if "WebMainResource" in text else "system files"
    if root in _ROOTS:
        return "system files" if _OUR_FEED in text else _ROOTS[root]
    return "XML" if root and text.startswith("<?xml") else None


def _kind_of_rest(text: str) -> Kind:
    """Return whether a text that does not begin with a tag is HTML for the tags in it."""
    tags = [tag[1].lower() for tag in _TAG.finditer(text)]
    is_page = any(tag in ("html", "body") for tag in tags)
    is_marked = sum(tag in _PARTS for tag in tags) > 2
    return "html" if is_page or is_marked or text.startswith("<!--") else "text"


def _kind_of_html(text: str) -> Kind:
    """Return the kind of an HTML file: some show no page, but what a program says of one."""
    if _HTTRACK_INDEX in text:
        return "HTTrack's own"
    return "source view" if any(mark in text for mark in _SOURCE_VIEW) else "html"


def _kind_of_message(text: str) -> Kind | None:
    """Return whether what begins with a field is a saved page or a mail; ``None``: neither."""
    if text.startswith("From "):
        return "mail"
    fields = HeaderParser().parsestr(text)
    names = {name.lower() for name in fields}
    if _is_saved_page(fields, names):
        return "MHTML"
    return "mail" if len(names & _OF_MESSAGE) > 2 or "content-type" in names else None


def _is_saved_page(fields: Message, names: set[str]) -> bool:
    if "snapshot-content-location" in names or "saved by" in str(fields["From"]).lower():
        return True
    is_page = fields.get_content_type() in ("multipart/related", "text/html")
    return "content-type" in names and is_page and not names & _OF_MAIL
