"""Marked words: joined again they are the texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from embassy_scraper.reports.marks import (
    ADDED,
    CHANGED,
    MOVED,
    REMOVED,
    SAME,
    Piece,
    compare_texts,
    mark_words,
    shorten,
)
from embassy_scraper.reports.markup import marked
from embassy_scraper.reports.sides import compare_bodies
from tests.examples import examples

TEXTS = st.text(alphabet="ab.,1 \n\u00a0", max_size=40)


def words(text: str) -> list[str]:
    return text.split()


def side(pieces: list[Piece], without: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind != without)


@given(TEXTS, TEXTS)
@examples(300)
def test_pieces_joined_again_are_the_texts(before, after) -> None:
    pieces = mark_words(before, after)
    assert side(pieces, REMOVED) == after
    assert words(side(pieces, ADDED)) == words(before)
    assert all(piece.text for piece in pieces)


@given(TEXTS)
@examples(100)
def test_a_text_does_not_differ_from_itself(text) -> None:
    assert {piece.kind for piece in mark_words(text, text)} <= {SAME}
    assert {one.kind for one in compare_texts(text, text)} <= {SAME}


@given(TEXTS, TEXTS)
@examples(300)
def test_paragraphs_joined_again_are_the_texts(before, after) -> None:
    found = compare_texts(before, after)
    for which, text in (("before", before), ("after", after)):
        there = ["".join(p.text for p in getattr(one, which)) for one in found]
        assert [words(line) for line in there if line.split()] == [
            words(line) for line in text.split("\n") if line.split()
        ]


def test_what_is_removed_stands_before_what_is_added() -> None:
    found = mark_words("a big old house", "a small house")
    assert [(p.kind, p.text) for p in found] == [
        (SAME, "a "), (REMOVED, "big old "), (ADDED, "small "), (SAME, "house"),
    ]  # fmt: skip


def test_a_moved_paragraph_is_neither_removed_nor_added() -> None:
    found = compare_texts("one two\nthree four\nfive six", "five six\none two\nthree four")
    assert [one.kind for one in found].count(MOVED) == 2
    assert {one.kind for one in found} == {MOVED, SAME}


def test_an_edited_paragraph_stands_beside_what_it_was() -> None:
    (one,) = compare_texts("It cost 1.5 thousand pounds.", "It cost 15 thousand pounds.")
    assert one.kind == CHANGED
    compared = compare_bodies("a\nb\nc 1 d\ne", "a\nb\nc 2 d\ne")
    assert [part.count for part in compared.parts] == [2, 0, 1]


def test_texts_that_are_too_long_to_compare_stand_one_behind_the_other() -> None:
    before, after = "a " * 300_000, "b " * 300_000
    assert mark_words(before, after) == [Piece(REMOVED, before), Piece(ADDED, after)]
    found = compare_texts("a\n" * 300_000, "b\n" * 300_000)
    assert {one.kind for one in found} <= {REMOVED, ADDED, CHANGED}
    assert len(compare_bodies("x" * 1_000_000, "y" * 1_000_000).parts) <= 2
    assert compare_bodies("a b\n" * 30_000, "c d\n" * 30_000).left_out > 40_000


def test_of_a_passage_too_long_to_show_what_changed_is_shown() -> None:
    text = "word " * 9_000
    (one,) = compare_bodies(f"{text} 1.5 men", f"{text} 15 men").parts
    said = "".join(piece.text for piece in one.after)
    assert said.startswith("… ") and said.endswith("15 men") and len(said) < 1000


def test_a_glance_has_a_few_words_around_what_changed() -> None:
    before = " ".join(f"w{n}" for n in range(100))
    pieces = shorten(mark_words(before, before.replace("w50", "x")), around=3)
    assert "".join(p.text for p in pieces) == "… w47 w48 w49 w50 x w51 w52 w53 … "
    assert shorten([Piece(ADDED, "y" * 900)], longest=10) == [Piece(ADDED, "y" * 10 + "… ")]


def test_marks_are_said_to_a_screen_reader() -> None:
    said = marked(mark_words("1.5 men", "15 men"))
    assert said == (
        '<del><span class="spoken">deleted: </span>1.5</del>'
        ' <ins><span class="spoken">inserted: </span>15</ins> men'
    )
