"""Saved files and folders: which files there are, and the captures in them."""

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from embassy_scraper.archives import IsWanted, Offer, shown
from embassy_scraper.archives.arc import read_arc
from embassy_scraper.archives.beginnings import Kind
from embassy_scraper.archives.folders import Found, walk, why_unreadable
from embassy_scraper.archives.kinds import kind_of
from embassy_scraper.archives.manifest import NAME, ManifestLine, is_outside, read_manifest
from embassy_scraper.archives.mirrors import told_by_folder
from embassy_scraper.archives.provenance import placed
from embassy_scraper.archives.refusals import why_not_read
from embassy_scraper.archives.saved_page import read_saved_page
from embassy_scraper.archives.side_files import side_kind
from embassy_scraper.archives.told import Told
from embassy_scraper.archives.wacz import read_wacz
from embassy_scraper.archives.warc import read_warc
from embassy_scraper.errors import CaptureRejected, ManifestError
from embassy_scraper.text import one_line

_FOLDERS = 256  # whose manifests are remembered
_PAGE_KINDS = ("html", "text", "MHTML", "HTTP answer")
_ARCHIVES = ("WARC", "WACZ", "ARC")


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file to read: where it is, its name below the path that was given, and its kind."""

    path: Path
    name: str
    kind: Kind

    @property
    def is_warc(self) -> bool:
        """Say whether it is read as a WARC or WET file."""
        return self.kind == "WARC"

    @property
    def is_archive(self) -> bool:
        """Say whether it is an archive of captures, not a page."""
        return self.kind in _ARCHIVES


def find_files(paths: Iterable[Path]) -> tuple[list[SavedFile], list[SavedFile]]:
    """Return the files below *paths* to be read or refused, and the side files of mirrors.

    Folders are searched with all their subfolders. What is named itself, or by a manifest, is
    never a side file.
    """
    files: list[SavedFile] = []
    sides: list[SavedFile] = []
    for path in paths:
        if path.is_dir():
            _sort(path, files, sides)
        else:
            kind = "manifest" if path.name == NAME else kind_of(path)
            files.append(SavedFile(path, shown(path.name), kind))
    return files, sides


def _sort(top: Path, files: list[SavedFile], sides: list[SavedFile]) -> None:
    """Put the files of the folder *top* where they belong, its manifests behind the others."""
    found = list(walk(top))
    manifests = [one for one in found if _is_manifest(one)]
    named = {path for one in manifests for path in _named_by(one.path.parent)}
    for one in found:
        if _is_manifest(one):
            continue
        kind = "link" if one.leads_out else kind_of(one.path)
        side = None if one.path in named or one.leads_out else side_kind(one, kind)
        (sides if side else files).append(SavedFile(one.path, shown(one.name), side or kind))
    files += [SavedFile(one.path, shown(one.name), "manifest") for one in manifests]


def _is_manifest(one: Found) -> bool:
    return one.path.name == NAME and not os.path.isdir(one.path)  # noqa: PTH112 - never raises


def _named_by(folder: Path) -> Iterator[Path]:
    """Yield the files that the manifest of *folder* names; none where it cannot be read."""
    with suppress(ManifestError):
        yield from (folder / name for name in read_manifest(folder))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, or a folder that may not be entered
        return False


class SavedReader:
    """Reads saved files of a site on *hosts*; remembers the manifests of the last folders."""

    def __init__(self, hosts: Collection[str]) -> None:
        """Begin without a manifest."""
        self._hosts = hosts
        self._manifests: dict[Path, dict[str, list[ManifestLine]] | ManifestError] = {}

    def read(
        self,
        saved: SavedFile,
        is_wanted: IsWanted | None = None,
        begin: int = 0,
        end: int | None = None,
    ) -> Iterator[Offer]:
        """Yield what *saved* offers; what cannot be read is offered as rejected.

        Of an archive, only records whose URL *is_wanted*; of a WARC file, those from *begin* up to
        *end*. What breaks a reader stops no other file.
        """
        try:
            if saved.is_warc:
                offers = read_warc(saved.path, begin, end, is_wanted)
            else:
                offers = self._read(saved, is_wanted)
            yield from named(offers, saved)
        except Exception as error:  # noqa: BLE001 - whatever a file holds
            told = f"reading it failed ({type(error).__name__}: {one_line(str(error))})"
            yield _rejected(saved, "reading failed", f"{saved.path}: {told}; please report it")

    def _read(self, saved: SavedFile, is_wanted: IsWanted | None) -> Iterator[Offer]:
        if saved.kind == "manifest":
            yield from self._read_manifest_itself(saved)
        elif saved.kind == "WACZ":
            yield from read_wacz(saved.path, is_wanted)
        elif saved.kind == "ARC":
            yield from read_arc(saved.path, is_wanted)
        elif saved.kind in _PAGE_KINDS:
            yield from self._read_page(saved)
        else:
            yield _refused(saved)

    def _read_manifest_itself(self, saved: SavedFile) -> Iterator[Offer]:
        """Yield what is wrong with a manifest: it cannot be read, or names what cannot be."""
        manifest = self._manifest(saved.path.parent)
        if isinstance(manifest, ManifestError):
            yield _rejected(saved, "unreadable manifest", str(manifest))
            return
        for name in manifest:
            path = saved.path.parent / name
            if is_outside(name):
                outside = f"{saved.path}: it names {name}, which is not below its folder"
                message = f"{outside}; move it there, or name it on the command line"
                yield _rejected(saved, "missing file", message, name)
            elif not _is_file(path):
                message = f"{path}: the manifest names it, but there is no such file"
                yield _rejected(saved, "missing file", message, name)

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
        try:
            lines = self._lines(saved)
            raw, told = read_saved_page(path, saved.kind)
        except ManifestError:
            message = f"{path}: its URL is unknown: correct its manifest, which cannot be read"
            yield _rejected(saved, "unreadable manifest", message)
            return
        except CaptureRejected as error:
            yield _rejected(saved, error.what, error.message)
            return
        if by_folder := told_by_folder(path.absolute(), self._hosts):
            told.append(by_folder)
        for line in lines:
            if line.fault is not None:
                evidence = line.captured_at or ""
                yield _rejected(saved, "unreadable instant", line.fault, evidence=evidence)
            else:
                by_manifest = Told("manifest", line.url, line.captured_at)
                seen = placed(raw, [by_manifest, *told])
                yield Offer(shown(path), "", seen, name=saved.name)


def named(offers: Iterable[Offer], saved: SavedFile) -> Iterator[Offer]:
    """Yield what an archive *offers* with the name of the file that it is, *saved*."""
    return (replace(offer, name=saved.name) for offer in offers)


def _refused(saved: SavedFile) -> Offer:
    if saved.kind == "unreadable":
        message = f"{saved.path}: {why_unreadable(saved.path)}; check the path and its permissions"
        return _rejected(saved, "unreadable file", message)
    what = "unreadable file" if saved.kind in ("special", "link") else "unknown kind of file"
    return _rejected(saved, what, why_not_read(saved.path, saved.kind))


def _rejected(
    saved: SavedFile, what: str, message: str, where: str = "", evidence: str = ""
) -> Offer:
    fault = CaptureRejected(what, shown(message), shown(where), shown(evidence))
    return Offer(shown(saved.path), shown(where), fault, name=saved.name)
