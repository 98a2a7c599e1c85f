"""Encodings: declared right, wrong or not at all, with a mark, cut inside a character."""

from __future__ import annotations

from dataclasses import replace

import pytest

from embassy_scraper.pages.charset import decode
from embassy_scraper.text import fold
from tests.markups import STYLES, Model, text_a, to_html
from tests.pages.test_markups import SITE, STATEMENT, read

RUSSIAN = replace(STATEMENT, date="27 июля 2016", clocks=("Москва: 22:09", "Лондон: 20:09"),
                  label="Консульские вопросы:", title="О маяке и его смотрителе",
                  body=("Посольство сообщает: «маяк» — горит.",), counters=())  # fmt: skip
CURLY = replace(STATEMENT, title="The “lantern” – it’s lit…", body=("‘Quoted’\u00a0– and so on.",))
MODELS = {"russian": RUSSIAN, "curly": CURLY}
ENCODINGS = {"russian": ("utf-8", "windows-1251", "koi8-r"), "curly": ("utf-8", "cp1252")}
CASES = [(m, e) for m, encodings in ENCODINGS.items() for e in encodings]


def page(model: Model, encoding: str, meta: str | None) -> bytes:
    style = replace(STYLES["divs"], raw=True)
    declared = (
        f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">' if meta else ""
    )
    html = to_html(model, style).replace("<meta charset=utf-8>", declared)
    return html.encode(encoding, "xmlcharrefreplace")


@pytest.mark.parametrize(("name", "encoding"), CASES)
def test_a_declared_encoding_is_followed(name: str, encoding: str) -> None:
    model = MODELS[name]
    for http, meta in ((encoding, None), (None, encoding), (encoding, encoding),
                       (encoding, "utf-8"), (encoding.upper(), "x-nonsense")):  # fmt: skip
        capture = read(page(model, encoding, meta), "text/html", model.url, charset=http)
        wording = capture.sightings[0].wording
        assert wording.title == model.title, (http, meta)
        assert fold(wording.body or "") == fold(model.body[0]), (http, meta)


@pytest.mark.parametrize(("name", "encoding"), CASES)
def test_a_wrong_declaration_does_no_harm(name: str, encoding: str) -> None:
    """UTF-8 shows by itself; else what is not UTF-8 is windows-1251, whose quotes are cp1252's."""
    model = MODELS[name]
    if encoding == "koi8-r":
        return
    wrong = ("utf-8", "nonsense", "utf-16", "idna", "", None)
    for http, meta in [(http, meta) for http in wrong for meta in wrong]:
        capture = read(page(model, encoding, meta), "text/html", model.url, charset=http)
        assert capture.sightings[0].wording.title == model.title, (http, meta)
        text = text_a(model).encode(encoding, "ignore")
        told = read(text, "text/plain", model.url, charset=http)
        assert told.sightings[0].wording.title == model.title, http


def test_utf8_declared_as_something_else_is_still_utf8() -> None:
    for declared in ("windows-1251", "iso-8859-1", "utf-16le"):
        payload = page(RUSSIAN, "utf-8", declared)
        capture = read(payload, "text/html", RUSSIAN.url, charset=declared)
        assert capture.sightings[0].wording.title == RUSSIAN.title


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides(encoding: str) -> None:
    for declared in (None, "utf-8", "windows-1251"):
        capture = read(
            text_a(RUSSIAN).encode(encoding), "text/plain", RUSSIAN.url, charset=declared
        )
        assert capture.page_clock == "2016-07-27T19:09:00Z"
        assert capture.sightings[0].wording.title == RUSSIAN.title


def test_a_cut_inside_a_character_leaves_no_trace() -> None:
    text = "Посольство “сообщает” – 😀".encode()
    for end in range(1, len(text)):
        told = decode(text[:end], None, is_html=False)
        assert text.decode().startswith(told), end


def test_a_broken_byte_does_not_turn_a_page_into_another_alphabet() -> None:
    text = "Посольство сообщает: «маяк» горит. " * 9
    payload = text.encode().replace("горит".encode(), b"\xff\xd0", 1)
    told = decode(payload, None, is_html=False)
    assert told.count("\ufffd") == 2 and told.startswith("Посольство")


def test_every_single_byte_is_decoded() -> None:
    for declared in (None, "utf-8", "windows-1252", "windows-1251", "hz-gb-2312", "utf-7", "idna",
                     "base64", "unicode_escape", "rot13", "\x00", "x" * 1000):  # fmt: skip
        assert decode(bytes(range(256)) * 3, declared, is_html=True)


def test_the_mobile_twin_and_the_main_host_decode_alike() -> None:
    payload = page(CURLY, "cp1252", None)
    for url in (CURLY.url, f"{SITE}article/7", "https://m.rusemb.org.uk/article/on-lanterns"):
        assert read(payload, "text/html", url).sightings[0].wording.title == CURLY.title
