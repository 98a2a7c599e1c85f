"""Files that are not read: what each is, and the tool and command that make a page of it."""

from pathlib import Path
from shlex import quote

from embassy_scraper.archives import quoted
from embassy_scraper.archives.beginnings import Kind
from embassy_scraper.archives.side_files import SIDE_KINDS

_HAR = (
    "[.log.entries[].response | select(.status == 200) | .content"
    ' | select((.mimeType // "") | startswith("text/html"))][0]'
    ' | if .encoding == "base64" then .text else .text | @base64 end'
)
_WEBARCHIVE = (
    "import plistlib, sys; page = plistlib.load(open(sys.argv[1], 'rb'))['WebMainResource'];"
    " text = page['WebResourceData'].decode(page.get('WebResourceTextEncodingName', 'utf-8'));"
    " sys.stdout.buffer.write(text.encode())"
)
_MAIL = (
    "import email, email.policy, sys;"
    " mail = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default);"
    " sys.stdout.buffer.write(mail.get_body(('html', 'plain')).get_content().encode())"
)
_NAMED = "named in a manifest.tsv with url and captured_at"
_REFUSED: dict[Kind, tuple[str, str]] = {
    "PDF": (
        "a PDF",
        f"ingest its text, {_NAMED} (poppler-utils): pdftotext {{file}} {{file.txt}}",
    ),
    "HAR": (
        "a HAR, what a browser's network monitor recorded",
        f"ingest its first page, {_NAMED} (jq):"
        f" jq -r {quote(_HAR)} {{file}} | base64 -d > {{file.html}}",
    ),
    "webarchive": (
        "a webarchive of Safari",
        f'ingest its page, {_NAMED} (Python): python3 -c "{_WEBARCHIVE}" {{file}} > {{file.html}}',
    ),
    "mail": (
        "a mail",
        f'ingest its text, {_NAMED} (Python): python3 -c "{_MAIL}" {{file}} > {{file.page}}',
    ),
    "office document": (
        "a document of an office program",
        "ingest it as HTML (LibreOffice): soffice --headless --convert-to html"
        " --outdir {file.folder} {file}",
    ),
    "feed": ("a feed, which shows no page", "save the page itself"),
    "source view": (
        "the source of a page as a browser shows it, not the page",
        "open the page itself and save it (Ctrl+S)",
    ),
    "XML": ("XML of an unknown kind", "save the page itself as HTML"),
    "zip": (
        "a zip without WARC files",
        "unpack it and ingest the folder (Python): python3 -m zipfile -e {file} {file.folder}",
    ),
    "tar": (
        "a tar of other files",
        "unpack it and ingest the folder (Python): python3 -m tarfile -e {file} {file.folder}",
    ),
    "packed file": (
        "packed, and no page by itself (damaged, or an archive of other files)",
        "unpack it and ingest the folder (p7zip): 7z x -o{file.folder} {file}",
    ),
    "other manifest": (
        "it looks like a manifest",
        "save it as tab-separated manifest.tsv in the folder of the files it names",
    ),
    "special": ("a pipe or a device", "save what comes out of it as a file"),
    "link": (
        "a link that leads out of the folder, and is not followed",
        "copy there what it leads to, or name that on the command line",
    ),
}
_UNKNOWN = (
    "no page, text or archive that is known; see which kinds are: embassy-scraper ingest --help"
)


def why_not_read(path: Path, kind: Kind) -> str:
    """Return the line that says why the file *path* of *kind* is not read, and what to do."""
    if kind in SIDE_KINDS:
        return f"{path}: no page, but a side file of pages ({kind}); ingest the page itself"
    if kind not in _REFUSED:
        return f"{path}: {_UNKNOWN}"
    what, instead = _REFUSED[kind]
    names = {"{file}": path, "{file.txt}": f"{path}.txt", "{file.html}": f"{path}.html"}
    names |= {"{file.page}": f"{path}.page", "{file.folder}": f"{path}.d"}
    for mark, name in names.items():
        instead = instead.replace(mark, quoted(name))
    return f"{path}: {what}; {instead}"
