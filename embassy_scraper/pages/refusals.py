"""Pages that are not the page: challenges, captchas, errors with status 200, archive errors."""

import re
from collections.abc import Sequence

from embassy_scraper.items import PageProblem
from embassy_scraper.pages.entries import is_date_line, read_own_line
from embassy_scraper.pages.grammar import is_closing, is_known_heading, is_latest_heading
from embassy_scraper.pages.lines import Line

_HOST = r"(?:(?:https?://)?[\w-]{1,40}(?:\.[\w-]{1,40}){1,4}|(?:used )?cloudflare|ddos-guard|nginx)"
_BLOCKED = (
    r"(?:please wait\W+)?(?:we are )?checking your browser(?: before (?:accessing|you access).*)?"
    r"|just a moment(?:\W+please)?|one more step|one moment,? please|please stand by.*"
    r"|(?:please )?wait while (?:we|your (?:request|browser)) .*|pardon our interruption"
    r"|attention required|are you (?:a )?(?:robot|human)|robot check|i.?m not a robot|captcha"
    r"|(?:human|browser|bot|security|captcha) (?:verification|check|challenge)(?: required)?"
    r"|(?:please )?(?:complete|solve|enter) the (?:security check|captcha|characters)(?: .*)?"
    r"|(?:please )?verif(?:y|ying)(?: that)? you(?: are|'re) (?:a )?(?:human|not a (?:ro)?bot).*"
    r"|(?:please )?(?:enable|turn on) (?:javascript|cookies)(?: and (?:cookies|javascript))?"
    r"(?: (?:to|and|in) .*)?|ddos[- ](?:guard|protection by .*)|(?:cloudflare )?ray id\W.*"
    r"|(?:sorry,? )?you (?:have been|are) (?:blocked|banned)(?: from .*)?"
    r"|you (?:are unable to|do not have|don't have) (?:permission to )?access .*"
    r"|(?:your )?(?:ip(?: address)?|request|access)(?: to this (?:page|site|website|resource))?"
    r"(?: has been| is| was)? (?:denied|blocked|banned|restricted|rejected)"
    r"|access forbidden|too many requests|rate limit(?:ed| exceeded)"
    r"|request unsuccessful\. incapsula.*|the requested url was rejected\W.*"
    r"|our systems have detected unusual traffic .*"
    r"|проверка браузера|доступ (?:запрещ[её]н|ограничен)|подтвердите, что вы .*"
)
_CODE = r"(?:http )?(?:error|status|ошибка)?\W{0,3}[45]\d\d"
_FAILED = (
    rf"{_CODE}|{_CODE}\W{{1,4}}(?:error|not found|forbidden|bad (?:gateway|request)|unauthori[sz]ed"
    r"|(?:internal )?server error|gateway time-?out|too many requests|access denied|page not found|forbidden: access is denied"
    r"|service (?:temporarily )?unavailable|web server is down|unknown error|origin .{1,40}"
    r"|страница не найдена)"
    r"|(?:sorry\W+)?(?:the |this )?(?:requested )?(?:page|file|document|article|content|url"
    r"|resource)(?: (?:that )?(?:you )?(?:requested|are looking for|were looking for)|\s/\S{1,80})?"
    r" ?(?:was|is|could|does|can|has|cannot)?(?: ?not|n't)? ?(?:be |been )?(?:found|exist|removed"
    r"|moved|deleted|available|unavailable)(?: on this server)?"
    r"|(?:sorry\W+)?not found|object not found|nothing found|no such page|forbidden"
    r"|(?:internal )?server error|application error|bad (?:gateway|request)|gateway time-?out"
    r"|(?:the )?service (?:is )?(?:temporarily )?unavailable|(?:database|mysql) (?:connection )?"
    r"error|error establishing a database connection|(?:could not|can't|cannot) connect to (?:the )?"
    r"(?:database|mysql|local mysql).*|unable to connect(?: to the database)?"
    r"|(?:php )?(?:fatal error|warning|parse error|notice): .* on line \d+"
    r"|(?:php )?fatal error: uncaught .*|mysqli?_\w+.*"
    r"|.{0,60}has not archived that url.*|this url has been excluded from the wayback machine"
    r"|under (?:construction|maintenance)|(?:this |the |our )?(?:web)?(?:site|page) is "
    r"(?:currently )?(?:under (?:construction|maintenance)|down(?: for maintenance)?|temporarily .{1,60})"
    r"|account suspended|this (?:account|domain) (?:has been|is) (?:suspended|expired|for sale)"
    r"|index of /.*|it works|welcome to nginx|apache2? .{0,20}default page(?:\W.*)?"
    r"|страница не найдена|(?:страница|документ) не существует|ошибка сервера"
)
_TO_A_VISITOR = re.compile(
    r"your browser|you(?: are|'re) (?:a )?(?:human|not a (?:ro)?bot)|to continue|enable "
    r"(?:javascript|cookies)|ray id|cloudflare|your ip\b|security service|(?:complete|solve) the captcha"
    r"|reload the page|incident id|unusual traffic|have been blocked"
    r"|automated (?:requests|queries)",
    re.I,
)


def _whole(pattern: str) -> re.Pattern[str]:
    """Compile *pattern* for a whole line, names of hosts and ornaments around it allowed."""
    return re.compile(
        rf"\W{{0,9}}(?:{_HOST}\W{{1,5}})?(?:{pattern})\W{{0,9}}(?:{_HOST}\W{{0,5}}){{0,2}}", re.I
    )


_REFUSALS = (("blocked page", _whole(_BLOCKED)), ("error page", _whole(_FAILED)))
_SOFT_404 = re.compile(
    r"\W{0,5}(?:(?:error|ошибка)\W{0,5})?(?:404|410)?\W{0,5}(?:(?:the )?(?:requested )?(?:page"
    r"|article|document|file|news)(?: you (?:requested|are looking for))?"
    r"(?: (?:was|is|could|does|has|can))? ?(?:not|n't)? ?(?:be |been )?(?:found|exist|removed|available)|not found"
    r"|(?:страница|документ|новость) не (?:найден[ао]?|существует))\W{0,5}(?:404)?\W{0,5}"
    r"|\W{0,5}(?:error|ошибка)?\W{0,5}404\W{0,5}",
    re.I,
)
_FIRST_LINES, _LINE, _PAGE = 3, 200, 40
_CHALLENGE_WORDS = 120
_PROSE = 600  # characters of text behind a title; no "not found" has so much to say


def find_refusal(lines: Sequence[Line], title: str) -> PageProblem | None:
    """Return the problem of a page that is a refusal instead of the page asked for.

    Called only for pages without the site's clock. A statement may tell of a captcha or of a
    page not found, so a line must say nothing else; and a page with a part of the site's grammar
    is the site's.
    """
    if any(_is_of_site(line) for line in lines[:_PAGE]):
        return None
    texts = [title, *(line.text for line in lines[:_FIRST_LINES])]
    for text in texts:
        if not text or len(text) > _LINE:
            continue
        for what, pattern in _REFUSALS:
            if pattern.fullmatch(text):
                return PageProblem(what, "page", text)
    return _challenge(lines)


def _challenge(lines: Sequence[Line]) -> PageProblem | None:
    """Return the problem of a short page that speaks of nothing but its visitor's browser."""
    text = " ".join(line.text[:_LINE] for line in lines[:_PAGE])
    if len(lines) > _PAGE or len(text.split()) > _CHALLENGE_WORDS:
        return None
    said = {found[0].lower() for found in _TO_A_VISITOR.finditer(text)}
    return PageProblem("blocked page", "page", text[:_LINE]) if len(said) > 1 else None


def _is_of_site(line: Line) -> bool:
    return (
        is_closing(line)
        or is_latest_heading(line)
        or (is_known_heading(line) and line.text.isupper())
        or is_date_line(line)
        or read_own_line(line) is not None
    )


def is_soft_404(title: str, body: str | None) -> bool:
    """Say whether a main part is the "not found" of a page that answers 200.

    >>> is_soft_404("404 - Page not found", ""), is_soft_404("Embassy comment", "")
    (True, False)
    """
    if len(title) > _LINE or len(body or "") > _PROSE:
        return False
    return _SOFT_404.fullmatch(title) is not None
