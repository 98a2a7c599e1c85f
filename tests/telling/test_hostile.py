"""What the site says is plain text in a message: no header, no markup, no call of a room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from embassy_scraper.telling.message import Told, message_of
from pipelines.state.told import COLUMNS, News, Row
from pipelines.state.told import Told as Kept
from tests.telling.test_alerts import Desk

HOSTILE = (
    "Nice\r\nBcc: all@news.example\r\n\r\n<script>alert(1)</script>\x1b[31m\u202egpj.exe"
    " {{app_id}} :smile: \\n @everyone <!channel> *bold* =cmd()"
)
BAD = set("\r\x1b\u202e\x00\u2028")


def row(**more: str | None) -> Row:
    empty: Row = dict.fromkeys(COLUMNS)
    known: Row = {
        "change_id": "ab12", "kind": "statement_edited", "subject": "fnapr/1", "field": "title",
        "observed_after": "2021-03-01T00:00:00Z", "observed_by": "2021-03-02T00:00:00Z",
        "capture_after": "c",
    }  # fmt: skip
    return {**empty, **known, **more}


def message(*rows: Row, gone: tuple[Row, ...] = ()) -> tuple[str, str]:
    news = News(list(rows), [Kept(number, one) for number, one in enumerate(gone)])
    return message_of(Told(news, News()), "key", "site.example", {})


texts = st.one_of(st.none(), st.text(), st.sampled_from([HOSTILE, "x" * 100_000, "\ud800", ""]))
kinds = st.sampled_from(
    "contact_changed counter_anomaly counter_reworded counter_vanished page_gone page_back"
    " statement_added statement_discovered statement_edited statement_withdrawn".split()
)


@given(kinds, texts, texts, texts, texts)
def test_any_text_stays_on_its_line(kind, title, before, after, url) -> None:
    field = {"contact_changed": "phone", "statement_edited": "title"}.get(kind, "home")
    one = row(kind=kind, field=field, title=title, before=before, after=after, url=url)
    head, body = message(one, gone=(one,))
    assert "\n" not in head and len(head) <= 160
    assert not BAD & set(head + body)
    assert len(body) < 8000
    starts = ("1 change", "Told before", "-- ", "embassy-scraper, ", "message key", "  ")
    plain = [line for line in body.splitlines() if line and not line.startswith(starts)]
    assert len(plain) == 2 and plain[1].rstrip("…") in f"Taken back: {plain[0]}"
    assert all(len(line) <= 400 for line in plain)
    (head + body).encode()


def test_a_hostile_title_arrives_as_text_and_nothing_else(tmp_path, demo_captures) -> None:
    desk = Desk(tmp_path, demo_captures)
    page = desk.part(0, 1) / "1-home.txt"
    title = "Notice on consular hours in March"
    assert title in page.read_text()
    hostile = HOSTILE.replace("\r\n", " ")
    page.write_text(page.read_text().replace(title, hostile))
    with desk.hook.up(), desk.mail.up():
        desk.run("ingest", page.parent)
        (mail,) = desk.mail.mails
        assert mail["Bcc"] is None and mail.get_content_type() == "text/plain"
        for post in (desk.hook, desk.mail):
            ((_, text),) = post.had
            assert "<script>alert(1)</script>" in text
            assert "{{app_id}} :smile: \\n @ everyone <! channel> *bold* =cmd()" in text
            assert not BAD & set(text)
            assert "⟨U+202E⟩" in text
    desk.judge()


def test_very_many_are_counted(tmp_path) -> None:
    many = [row(change_id=f"id{n}", subject=f"fnapr/{n}") for n in range(1200)]
    head, body = message(*many)
    assert head.endswith("(and 1199 more)")
    assert "and 700 changes more (statement_edited 700); print them with: embassy-scraper" in body


def test_the_end_of_the_host_is_one_entry() -> None:
    note = "with the whole site"
    many = [
        row(change_id=f"id{n}", subject=f"fnapr/{n}", kind="page_gone", field="http_status",
            before="200", after="404", note=note, title=f"Title {n}") for n in range(300)
    ]  # fmt: skip
    head, body = message(*many)
    assert head == "site.example: The whole site stopped answering: 300 pages gone with it (404)"
    assert body.count("stopped answering") == 1 and "Title" not in body
    assert all(f"id{n}" in body for n in range(300))
