"""Long work shows on a terminal how far it is, from its beginning on, and when it will end."""

from __future__ import annotations

import os
import pty
import re
import sys
from pathlib import Path

import pytest

from tests.copies import saved
from tests.world.program import ROOT

URL, AT = "https://www.rusemb.org.uk/fnapr/{}", "2021-03-03T10:15:00Z"


def on_terminal(*words: str) -> str:
    """What a command writes to a terminal."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "embassy_scraper", *words])
    said = b""
    while True:
        try:
            part = os.read(terminal, 1 << 16)
        except OSError:  # so a terminal says that its program has ended
            break
        said += part
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return said.decode()


@pytest.mark.skipif(not hasattr(pty, "fork"), reason="this system has no terminals to open")
def test_an_import_shows_how_far_it_is(tmp_path: Path, demo_captures: Path) -> None:
    page = (demo_captures / "2-statement.txt").read_bytes()
    for number in range(3000):
        saved(tmp_path / "pages" / str(number), page, URL.format(number), AT, ".txt")
    db = str(tmp_path / "db" / "embassy.db")
    said = on_terminal("ingest", str(tmp_path / "pages"), "--db", db)
    begin, _, rest = said.partition("reading")
    assert "looking at the files" in begin
    shares = [int(share) for share in re.findall(r"(\d+)%", rest)]
    assert shares[0] == 0 and shares[-1] == 100 and len(set(shares)) > 2
    assert re.search(r"\d+%\s+\d\d:\d\d:\d\d", rest)  # how long it will still take
