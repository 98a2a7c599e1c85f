"""Saved files and folders: which files there are, and the captures in them."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG

from embassy_scraper.archives import MAX_BYTES, IsWanted, Offer, shown
from embassy_scraper.archives.arc import read_arc
from embassy_scraper.archives.manifest import NAME, ManifestLine, read_manifest
from embassy_scraper.archives.records import GZIP_MAGIC, NEXT_RECORD
from embassy_scraper.archives.wacz import read_wacz
from embassy_scraper.archives.warc import read_warc
from embassy_scraper.errors import CaptureRejected, ManifestError
from embassy_scraper.items import RawCapture

_PAGES = {".html": "text/html", ".htm": "text/html", ".txt": "text/plain"}
_WARCS = (".warc", ".warc.gz", ".warc.zst", ".wet", ".wet.gz", ".wet.zst")
_WACZ = ".wacz"
_ARCS = (".arc", ".arc.gz")
_FOLDERS = 256  # whose manifests are remembered
_HEAD = 4096  # bytes; by so many a WARC file is known whose name does not tell


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file to read: where it is, and its name below the path that was given."""

    path: Path
    name: str

    @property
    def is_warc(self) -> bool:
        """Say whether it is read as a WARC or WET file: by its name, else by how it begins."""
        name, suffix = self.path.name.lower(), self.path.suffix.lower()
        if _is_special(self.path):
            return False
        is_other = suffix in _PAGES or name.endswith((_WACZ, *_ARCS)) or name == NAME
        return name.endswith(_WARCS) or (not is_other and _begins_as_warc(self.path))

    @property
    def is_archive(self) -> bool:
        """Say whether it is an archive of captures, not a page."""
        return self.is_warc or self.path.name.lower().endswith((_WACZ, *_ARCS))


def find_files(paths: Iterable[Path]) -> tuple[list[SavedFile], list[SavedFile]]:
    """Return the files below *paths* that may hold captures, and those passed over.

    Folders are searched with all their subfolders; a file that is named itself is never passed
    over, and is known by how it begins where its name does not tell.
    """
    files: list[SavedFile] = []
    passed: list[SavedFile] = []
    for path in paths:
        if not path.is_dir():
            files.append(SavedFile(path, shown(path.name)))
            continue
        found = [
            SavedFile(inside, shown(inside.relative_to(path).as_posix()))
            for inside in sorted(path.rglob("*"))
            if _is_file(inside)
        ]
        manifests = [saved for saved in found if saved.path.name == NAME]
        for saved in found:
            if saved.path.name != NAME:
                (files if _is_known(saved.path) else passed).append(saved)
        files += manifests
    return files, passed


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, or a folder that may not be entered
        return False


def _is_special(path: Path) -> bool:
    """Say whether *path* is a pipe, a device or the like, which may wait or go on for ever."""
    try:
        return not S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _is_known(path: Path) -> bool:
    name = path.name.lower()
    return path.suffix.lower() in _PAGES or name.endswith((*_WARCS, _WACZ, *_ARCS))


class SavedReader:
    """Reads saved files; remembers the manifests of the last folders."""

    def __init__(self) -> None:
        """Begin without a manifest."""
        self._manifests: dict[Path, dict[str, list[ManifestLine]] | ManifestError] = {}

    def read(self, saved: SavedFile, is_wanted: IsWanted | None = None) -> Iterator[Offer]:
        """Yield what *saved* offers; what cannot be read is offered as rejected.

        Of an archive, only records whose URL *is_wanted*.
        """
        if _is_special(saved.path):
            message = f"{saved.path}: a pipe or a device; save what comes out of it as a file"
            yield _rejected(saved, "unreadable file", message)
        elif saved.path.name == NAME:
            yield from self._read_manifest_itself(saved)
        elif saved.is_warc:
            yield from read_warc(saved.path, is_wanted=is_wanted)
        elif saved.path.name.lower().endswith(_ARCS):
            yield from read_arc(saved.path, is_wanted)
        elif saved.is_archive:
            yield from read_wacz(saved.path, is_wanted)
        else:
            yield from self._read_page(saved)

    def _read_manifest_itself(self, saved: SavedFile) -> Iterator[Offer]:
        """Yield what is wrong with a manifest: it cannot be read, or names what cannot be."""
        manifest = self._manifest(saved.path.parent)
        if isinstance(manifest, ManifestError):
            yield _rejected(saved, "unreadable manifest", str(manifest))
            return
        for name in manifest:
            path = saved.path.parent / name
            if not _is_file(path):
                message = f"{path}: the manifest names it, but there is no such file"
                yield _rejected(saved, "missing file", message, name)
            elif not _is_known(path):
                message = f"{path}: the manifest names it, but files of this kind are not read"
                yield _rejected(saved, "unknown kind of file", message, name)

    def _manifest(self, folder: Path) -> dict[str, list[ManifestLine]] | ManifestError:
        if folder not in self._manifests:
            if len(self._manifests) >= _FOLDERS:
                self._manifests.clear()
            try:
                self._manifests[folder] = read_manifest(folder)
            except ManifestError as error:
                self._manifests[folder] = error
        return self._manifests[folder]

    def _lines(self, saved: SavedFile) -> list[ManifestLine]:
        """Return what the manifest of the file's folder tells of it, or of a folder above it.

        Raises:
            ManifestError: that of its own folder cannot be read.
        """
        for depth, folder in enumerate(saved.path.parents):
            manifest = self._manifest(folder)
            if not isinstance(manifest, ManifestError):
                line = manifest.get(saved.path.relative_to(folder).as_posix())
                if line:
                    return line
            elif not depth:
                raise manifest
            if depth == saved.name.count("/"):
                break
        return [ManifestLine()]

    def _read_page(self, saved: SavedFile) -> Iterator[Offer]:
        path = saved.path
        media_type = _PAGES.get(path.suffix.lower())
        if media_type is None:
            message = (
                f"{path}: not a .html, .txt, .warc, .wet or .wacz file; if it is one, rename it"
            )
            yield _rejected(saved, "unknown kind of file", message)
            return
        try:
            lines = self._lines(saved)
        except ManifestError:
            message = f"{path}: its URL is unknown: correct its manifest, which cannot be read"
            yield _rejected(saved, "unreadable manifest", message)
            return
        try:
            raw = _read_file(path, media_type)
        except CaptureRejected as error:
            yield _rejected(saved, error.what, error.message)
            return
        for line in lines:
            if line.fault is not None:
                evidence = line.captured_at or ""
                yield _rejected(saved, "unreadable instant", line.fault, evidence=evidence)
            else:
                seen = replace(raw, url=line.url, captured_at=line.captured_at)
                yield Offer(shown(path), "", seen)


def _read_file(path: Path, media_type: str) -> RawCapture:
    """Return what the file *path* itself tells of a capture.

    Raises:
        CaptureRejected: it cannot be read, or is larger than any page.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            message = f"{path}: over {MAX_BYTES} bytes; no page is that large"
            raise CaptureRejected("too large", message)
        payload = path.read_bytes()
    except OSError as error:
        message = f"{path}: {error.strerror or error}; check the path and its permissions"
        raise CaptureRejected("unreadable file", message) from error
    source = "html" if media_type == "text/html" else "text"
    charset = "utf-8" if source == "text" and _is_utf8(payload) else None
    return RawCapture(payload, media_type, source, charset=charset)


def _begins_as_warc(path: Path) -> bool:
    """Say whether the file *path* begins with a WARC record, compressed or not."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith(GZIP_MAGIC):
            head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, _HEAD)
    except (OSError, zlib.error):
        return False
    return NEXT_RECORD.match(head) is not None


def _is_utf8(payload: bytes) -> bool:
    """Say whether viewers of the raw file must be told that it is UTF-8."""
    try:
        return not payload.isascii() and bool(payload.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _rejected(
    saved: SavedFile, what: str, message: str, where: str = "", evidence: str = ""
) -> Offer:
    fault = CaptureRejected(what, shown(message), shown(where), shown(evidence))
    return Offer(shown(saved.path), shown(where), fault)
