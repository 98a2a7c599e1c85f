"""What a page says is text in Markdown too: a true parser finds no markup of it."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embassy_scraper.reports.markdown import escape
from embassy_scraper.visible import one_line

WORDS = (
    "<script> </b> ](http://x) [a](b) ` `` * ** _ ~~ ~~~ # + = === --- | |-| &amp; &#0; \\ 1. 1)"
    " http://x.y www.x.y a@b.c <http://x> <a@b.c> ![i](x) $x$ [^1]: <!-- --> <![CDATA[ x word > ```"
).split()
PLACES = ("\n- **x {}**, y\n", "\n- **s**, w  \n  {} (day)\n", "\n  > {}\n", "# {}\n\n")
OURS = {"ul", "li", "strong", "br", "p", "blockquote", "h1"}
texts = st.lists(st.sampled_from([*WORDS, " ", "\n", "\n\n", "\r", "    ", "\t", "- ", "\u2028"]))


@given(texts.map("".join) | st.text(), st.sampled_from(PLACES))
def test_no_title_is_markup(text: str, place: str) -> None:
    parser = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
    markdown = parser.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    made = markdown.render(place.format(escape(text)))
    assert set(re.findall(r"</?(\w+)", made)) <= OURS, made
    shown = html.unescape(re.sub(r"<[^>]*>", "", made))
    assert "".join(one_line(text).split()) in "".join(shown.split())
