"""The bytes of a zip, of which no more is read at once than that of any archive needs."""

import io
from pathlib import Path

from embassy_scraper.errors import CaptureRejected
from embassy_scraper.limits import MAX_ZIP_LIST


class ZipBytes(io.BufferedReader):
    """The bytes of a zip, whose list of members the library reads at once, however long."""

    def __init__(self, path: Path) -> None:
        """Open the file *path*."""
        super().__init__(io.FileIO(path))

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next *size* bytes.

        Raises:
            CaptureRejected: they are more than a list of members may have.
        """
        if size is not None and size > MAX_ZIP_LIST:
            raise CaptureRejected("too large", f"its list of members has over {MAX_ZIP_LIST} bytes")
        return super().read(size)
