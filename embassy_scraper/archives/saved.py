"""Saved files and folders: which files there are, and the captures in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from embassy_scraper.archives import Offer
from embassy_scraper.archives.manifest import NAME, Told, read_manifest
from embassy_scraper.archives.warc import read_wacz, read_warc
from embassy_scraper.errors import CaptureRejected, ManifestError
from embassy_scraper.items import RawCapture

MAX_BYTES = 64_000_000
_PAGES = {".html": "text/html", ".htm": "text/html", ".txt": "text/plain"}
_WARCS = (".warc", ".warc.gz", ".wet", ".wet.gz")
_WACZ = ".wacz"


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file to read: where it is, and its name below the path that was given."""

    path: Path
    name: str


def find_files(paths: Iterable[Path]) -> tuple[list[SavedFile], list[SavedFile]]:
    """Return the files below *paths* that may hold captures, and those passed over.

    Folders are searched with all their subfolders; a file that is named itself is never passed
    over.
    """
    files: list[SavedFile] = []
    passed: list[SavedFile] = []
    for path in paths:
        if not path.is_dir():
            files.append(SavedFile(path, path.name))
            continue
        for found in sorted(p for p in path.rglob("*") if p.is_file() and p.name != NAME):
            saved = SavedFile(found, found.relative_to(path).as_posix())
            (files if _is_known(found) else passed).append(saved)
        files += [SavedFile(m, m.relative_to(path).as_posix()) for m in _manifests(path)]
    return files, passed


def _manifests(folder: Path) -> list[Path]:
    return sorted(folder.rglob(NAME))


def _is_known(path: Path) -> bool:
    name = path.name.lower()
    return path.suffix.lower() in _PAGES or name.endswith((*_WARCS, _WACZ))


class SavedReader:
    """Reads saved files; remembers the manifest of the last folder."""

    def __init__(self) -> None:
        """Begin without a manifest."""
        self._folder: Path | None = None
        self._told: dict[str, list[Told]] = {}
        self._fault: ManifestError | None = None

    def read(self, saved: SavedFile) -> Iterator[Offer]:
        """Yield what *saved* offers; what cannot be read is offered as rejected."""
        name = saved.path.name.lower()
        if saved.path.name == NAME:
            yield from self._read_manifest_itself(saved)
        elif name.endswith(_WARCS):
            yield from read_warc(saved.path, saved.name)
        elif name.endswith(_WACZ):
            yield from read_wacz(saved.path, saved.name)
        else:
            yield from self._read_page(saved)

    def _read_manifest_itself(self, saved: SavedFile) -> Iterator[Offer]:
        """Yield what is wrong with a manifest: that it cannot be read, or names a missing file."""
        self._use(saved.path.parent)
        if self._fault is not None:
            yield _rejected(saved, "unreadable manifest", str(self._fault))
        for name in self._told:
            path = saved.path.parent / name
            if not path.is_file():
                message = f"{path}: the manifest names it, but there is no such file"
                yield _rejected(saved, "missing file", message, name)

    def _use(self, folder: Path) -> None:
        if folder == self._folder:
            return
        self._folder, self._told, self._fault = folder, {}, None
        try:
            self._told = read_manifest(folder)
        except ManifestError as error:
            self._fault = error

    def _read_page(self, saved: SavedFile) -> Iterator[Offer]:
        path = saved.path
        media_type = _PAGES.get(path.suffix.lower())
        if media_type is None:
            message = f"{path}: not .html, .txt, .warc, .wet or .wacz; rename it to what it is"
            yield _rejected(saved, "unknown kind of file", message)
            return
        self._use(path.parent)
        if self._fault is not None:
            message = f"{path}: its manifest cannot be read, so its URL is not known; mend that"
            yield _rejected(saved, "unreadable manifest", message)
            return
        try:
            if path.stat().st_size > MAX_BYTES:
                message = f"{path}: over {MAX_BYTES} bytes; no page is so large"
                yield _rejected(saved, "too large", message)
                return
            payload = path.read_bytes()
        except OSError as error:
            message = f"{path}: {error.strerror or error}; check the path and its permissions"
            yield _rejected(saved, "unreadable file", message)
            return
        source = "html" if media_type == "text/html" else "text"
        for told in self._told.get(path.name) or [Told()]:
            raw = RawCapture(
                payload, media_type, source, url=told.url, captured_at=told.captured_at
            )
            yield Offer(str(path), saved.name, "", raw)


def _rejected(saved: SavedFile, what: str, message: str, where: str = "") -> Offer:
    return Offer(str(saved.path), saved.name, where, CaptureRejected(what, message, where))
