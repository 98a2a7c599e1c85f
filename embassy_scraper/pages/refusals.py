"""Pages that are not the page: challenges, captchas, errors with status 200, archive errors."""

import re
from collections.abc import Sequence

from embassy_scraper.items import PageProblem
from embassy_scraper.pages.lines import Line

_BLOCKED = re.compile(
    r"checking your browser|just a moment|attention required|ddos protection|captcha"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|enable javascript and cookies"
    r"|please (?:enable|turn on) (?:cookies|javascript)|access (?:to this page has been )?denied"
    r"|you have been blocked|request blocked|too many requests|security check|ray id"
    r"|проверка браузера|доступ (?:запрещ[её]н|ограничен)|подтвердите, что вы",
    re.I,
)
_FAILED = re.compile(
    r"(?:page|file|document|article|content|url|resource|material)\b.{0,40}\b(?:was |is |could )?"
    r"(?:not|n't) (?:be )?(?:found|exist|available)|not found|does not exist|no longer exists"
    r"|error\s*[45]\d\d\b|\b[45]\d\d\s+(?:error|not found|forbidden|bad|service|internal|gateway)"
    r"|internal server error|bad gateway|gateway time-?out|service (?:temporarily )?unavailable"
    r"|forbidden|database (?:connection )?error|could not connect to|mysql|fatal error"
    r"|has not archived that url|under (?:construction|maintenance)|site is (?:down|temporarily)"
    r"|страница не найдена|ошибка 404|не существует",
    re.I,
)
_SOFT_404_TITLE = re.compile(
    r"\W*(?:(?:error|ошибка)\W*)?(?:404|410)?\W*(?:(?:the )?(?:requested )?(?:page|article|document"
    r"|file) (?:you (?:requested|are looking for) )?(?:was |is |could |does |has )?(?:not |n't )?"
    r"(?:be )?(?:found|exist|been removed)|not found|страница не найдена)\W*(?:404)?\W*"
    r"|\W*(?:error|ошибка)?\W*404\W*",
    re.I,
)
_SHORT = 600  # characters; all of so short a page is looked at, else its first lines
_FIRST_LINES, _LINE = 3, 90


def find_refusal(lines: Sequence[Line], title: str | None) -> PageProblem | None:
    """Return the problem of a page that is a refusal instead of the page asked for.

    Called only for pages without the site's header. A statement may quote such words, so only
    its title, its first short lines and very short pages are looked at.
    """
    whole = "\n".join(line.text for line in lines[:40])
    first = [line.text for line in lines[:_FIRST_LINES] if len(line.text) <= _LINE]
    seen = "\n".join([title or "", *first])
    for what, pattern, text in (
        ("blocked page", _BLOCKED, f"{seen}\n{whole}" if len(whole) <= _SHORT else seen),
        ("error page", _FAILED, seen),
    ):
        found = pattern.search(text)
        if found:
            return PageProblem(what, "page", found[0][:200])
    return None


def is_soft_404(title: str) -> bool:
    """Say whether *title* is the "not found" of a page that answers 200.

    >>> is_soft_404("404 - Page not found"), is_soft_404("Embassy comment")
    (True, False)
    """
    return _SOFT_404_TITLE.fullmatch(title) is not None
