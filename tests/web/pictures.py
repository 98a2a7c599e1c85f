"""The pictures of the documents: ``python -m tests.web.pictures`` takes them anew.

They show the pages of the demonstration, as the test of them opens them.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from click.testing import CliRunner

from embassy_scraper import commands

from .chromium import NARROW, WIDE, browser
from .processes import served

FOLDER = Path(__file__).parents[2] / "docs/pictures"
PICTURES = {  # name, address, width and height of what is seen, scheme
    "timeline": ("/", WIDE, 1780, "light"),
    "statement": ("/statement/fnapr/9002", WIDE, 1000, "light"),
    "counter": ("/counter/the%20last%20concert%20in%20the%20garden", WIDE, 900, "light"),
    "as-of": ("/as-of?at=2021-03-08", WIDE, 800, "light"),
    "phone": ("/change/{edit}", NARROW, 800, "light"),
    "phone-dark": ("/statement/fnapr/9005", NARROW, 800, "dark"),
}


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browser() as found:
        db = Path(folder) / "embassy.db"
        result = CliRunner().invoke(commands.main, ["demo", "--db", str(db)])
        edit = result.output.split(" evidence ")[1].split()[0]
        with served(db) as site:
            for name, (path, width, height, scheme) in PICTURES.items():
                context = found.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,  # type: ignore[arg-type]
                )
                tab = context.new_page()
                tab.goto(site.url.rstrip("/") + path.format(edit=edit))
                tab.screenshot(path=FOLDER / f"{name}.png")
                context.close()


if __name__ == "__main__":
    main()
