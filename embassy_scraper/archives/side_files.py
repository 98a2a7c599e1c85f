"""Side files: what mirrors, browsers and systems put beside pages, and what is said of them."""

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath

from embassy_scraper.archives.beginnings import Kind
from embassy_scraper.archives.folders import Found

SIDE_KINDS: frozenset[Kind] = frozenset(
    {"images", "styles", "scripts", "fonts", "sound and video", "robots.txt", "sitemaps", "JSON",
     "archive indexes", "databases", "logs", "checksums", "HTTrack's own", "system files",
     "parts of saved pages"}
)  # fmt: skip
_SUFFIXES: dict[Kind, str] = {
    "images": ".png .jpg .jpeg .gif .webp .svg .svgz .ico .cur .bmp .tif .tiff .avif",
    "styles": ".css .less .scss",
    "scripts": ".js .mjs .map .wasm",
    "fonts": ".woff .woff2 .ttf .otf .eot",
    "sound and video": ".mp3 .mp4 .m4a .m4v .ogg .ogv .oga .wav .webm .avi .mov .flv .swf .m3u8",
    "JSON": ".json .jsonl .ndjson .webmanifest",
    "archive indexes": ".cdx .cdxj .idx",
    "databases": ".db .sqlite .sqlite3 .db-wal .db-shm .db-journal .sqlite-wal .sqlite-shm",
    "logs": ".log",
    "checksums": ".md5 .sha1 .sha256 .sha512",
    "system files": ".lock",
}
_OF_SUFFIX = {suffix: kind for kind, line in _SUFFIXES.items() for suffix in line.split()}
_OF_NAME: dict[str, Kind] = {
    "robots.txt": "robots.txt", "sitemap.txt": "sitemaps", "cookies.txt": "logs",
    "wget-log": "logs", ".wget-hsts": "logs", ".listing": "logs",
    "hts-log.txt": "HTTrack's own", "hts-stop.lock": "HTTrack's own",
    "hts-in_progress.lock": "HTTrack's own",
    ".ds_store": "system files", "thumbs.db": "system files", "ehthumbs.db": "system files",
    "desktop.ini": "system files", ".directory": "system files", ".localized": "system files",
}  # fmt: skip
_OF_FOLDER: dict[str, Kind] = {
    "hts-cache": "HTTrack's own", "__macosx": "system files",
    ".git": "system files", ".svn": "system files", ".hg": "system files",
}  # fmt: skip


def side_kind(found: Found, kind: Kind) -> Kind | None:
    """Return which kind of side file *found* is; ``None``: it is to be read or refused.

    *kind* is what its beginning tells; where that is only "a text", its name counts.
    """
    if kind in SIDE_KINDS:
        return kind
    *folders, file = found.name.lower().split("/")
    told = _OF_NAME.get(file)
    if told and (kind == "text" or told == "system files"):
        return told
    if found.is_part:
        return "parts of saved pages"
    if told := next((_OF_FOLDER[name] for name in folders if name in _OF_FOLDER), None):
        return told
    return side_of_name(file) if kind == "text" else None


def side_of_name(file: str) -> Kind | None:
    """Return which kind of side file a text is by its name, in small letters.

    Mirrors put the query of an address behind it.

    >>> side_of_name("style.css?v=3"), side_of_name("9005")
    ('styles', None)
    """
    for end in ("?", "@"):
        file = file.partition(end)[0] or file
    file = file.removesuffix(".download")  # as Chrome names scripts
    if file.startswith("wget-log."):
        return "logs"
    suffix = PurePath(file).suffix
    return _OF_SUFFIX.get(suffix)


def told_sides(kinds: Iterable[Kind]) -> str:
    """Return the line that tells how many side files there are, of which kinds.

    >>> told_sides(["images", "styles", "images"])
    'side files of mirrors, passed over: 3 (images 2, styles 1)'
    """
    counts = Counter(kinds)
    most_first = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    parts = ", ".join(f"{kind} {count}" for kind, count in most_first)
    return f"side files of mirrors, passed over: {counts.total()} ({parts})"
