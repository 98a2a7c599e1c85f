"""Raw captures for pages: the one place here that asks the intake for stored bytes."""

from embassy_scraper.errors import RawCaptureMissing
from embassy_scraper.intake.place import captures_folder
from embassy_scraper.intake.stored import raw_of, stored_captures
from embassy_scraper.items import RawCapture
from embassy_scraper.web.page import Asked


def raw_capture(asked: Asked, capture: str) -> RawCapture:
    """Return a stored capture as it was brought, with its bytes.

    Raises:
        RawCaptureMissing: its raw record is lost or damaged.
    """
    (stored,) = stored_captures(asked.connection, capture)
    try:
        return raw_of(captures_folder(asked.db), stored, asked.profile)
    except OSError as error:
        raise RawCaptureMissing(f"{stored.place.warc_file}: {error}; restore the file") from error
