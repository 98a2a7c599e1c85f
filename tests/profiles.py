"""Profiles for tests: the shipped one with something else in it, and a site of our own making."""

from importlib.resources import files
from pathlib import Path

SHIPPED = files("embassy_scraper.sites").joinpath("rusemb.toml").read_text(encoding="utf-8")
SECOND = """
name = "harbour"
[site]
base_url = "https://harbour.example/"
hosts = ["harbour.example", "www.harbour.example"]
[clock]
local_zone = "Europe/Lisbon"
other_zone = "Asia/Tokyo"
[[language]]
code = "pt"
local_city = "Lisboa"
other_city = "Tóquio"
contact_labels = ["Capitania"]
months = [
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro",
    "outubro", "novembro", "dezembro",
]
[dates]
item = "%d.%m.%Y"
header = "%-d %B %Y"
signature = "%-d %B %Y, %H:%M"
[counter]
phrases = ["days have passed since"]
[lines]
closing = "all messages"
latest_heading = "LATEST EVENTS"
page_size = 20
pager_pages = 5
[[family]]
name = "notices"
[[list]]
name = "board"
heading = "NOTICES TO MARINERS"
families = ["notices"]
on_home = true
[[list]]
name = "tides"
heading = "TIDES"
inferred = true
"""


def changed(old: str, new: str) -> str:
    """The shipped profile with *new* in place of *old*."""
    assert old in SHIPPED
    return SHIPPED.replace(old, new)


def write_settings(folder: Path, profile: str | None, more: str = "", site: str = "") -> Path:
    """An ``embassy.toml`` in *folder* that names the text *profile*, in a file beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    if profile is not None:
        (folder / "site.toml").write_text(profile, encoding="utf-8")
        site += '\nprofile = "site.toml"'
    path = folder / "embassy.toml"
    path.write_text(f"[site]\n{site}\n{more}", encoding="utf-8")
    return path
