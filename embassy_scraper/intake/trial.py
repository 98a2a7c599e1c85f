"""What an import would read, as what, and why not: ``ingest --dry-run``. Nothing is written."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from embassy_scraper.archives import LeftOut, Offer
from embassy_scraper.archives.saved import SavedFile, SavedReader
from embassy_scraper.archives.shards import whole
from embassy_scraper.intake.files import refuse_own
from embassy_scraper.intake.place import Say
from embassy_scraper.intake.reading import Found, Reader, Rejected
from embassy_scraper.items import Capture, Taken
from pipelines.tables.database import is_ours, open_as_it_stands
from pipelines.tables.known import known_captures
from pipelines.tables.site_and_reader import refuse_other_site


class Trial:
    """Reads files as an import into *db* would, and says of each offer what would become of it."""

    def __init__(self, db: Path, reader: Reader, say: Say) -> None:
        """Prepare to read for the history *db*, there or not; doubts are reported to *say*."""
        self._db, self._reader, self._say = db, reader, say
        self._seen: set[str] = set()
        self.counts: Counter[str] = Counter()  # new, known, revisits, rejected, left out

    def lines(self, files: list[SavedFile]) -> Iterator[str]:
        """Yield a line for everything that *files* offer.

        Raises:
            DatabaseError: an import would be refused.
        """
        refuse_own(files, self._db, self._say)
        there = self._db if is_ours(self._db) else None
        with closing(open_as_it_stands(there) if there else sqlite3.connect(":memory:")) as held:
            if there:
                refuse_other_site(held, self._reader.profile, there)
            saved = SavedReader(self._reader.hosts)
            for shard in whole(files):
                for offer in self._reader.offers(shard, saved=saved):
                    found = self._reader.read(offer)
                    if isinstance(found, Taken) and there:
                        self._seen.update(known_captures(held, [found.capture.id]))
                    yield self._line(offer, found)

    def _line(self, offer: Offer, found: Found) -> str:
        where = f"{offer.path} at {offer.where}" if offer.where else offer.path
        if isinstance(found, Taken):
            return f"{where}: {self._as_what(found.capture)}"
        if isinstance(found, Rejected):
            self.counts["rejected"] += 1
            return f"rejected: {' '.join(str(found.error).split())}"
        if isinstance(found, LeftOut):
            self.counts["left out"] += found.count
            return f"{where}: records left out ({found.why}): {found.count}"
        self.counts["revisits"] += 1
        url, at = found.revisit.raw.url, found.revisit.raw.captured_at
        return f"{where}: says that {url} was as before at {at}; read if that record is here too"

    def _as_what(self, capture: Capture) -> str:
        """Return what a capture would be taken for, and who tells its address and instant."""
        told = capture.evidence
        is_known = capture.id in self._seen
        self._seen.add(capture.id)
        self.counts["known" if is_known else "new"] += 1
        url = f"{capture.url} ({told.url_from})" if capture.url else "no address told"
        at = f"{capture.captured_at} ({told.instant_from})"
        parts = [f"{capture.page_kind}, {url}, {at}", told.source]
        parts += ["known"] if is_known else []
        problems = dict.fromkeys(f"{one.what} ({one.where})" for one in capture.problems)
        parts += [f"problems: {', '.join(problems)}"] if problems else []
        return "; ".join(parts)
