"""What challenges, error pages and a page's own buttons say, one phrase a line.

Sources: the pages of Cloudflare, DDoS-Guard, Imperva and Akamai; of Apache, nginx, IIS, PHP,
MySQL and WordPress. Those of web archives are in ``archive_words``.
"""

import re

_HOST = r"(?:(?:https?://)?[\w-]{1,40}(?:\.[\w-]{1,40}){1,4}|cloudflare|ddos-guard|nginx)"
_ASK = r"(?:please )?"
_CODE = r"(?:http )?(?:error|status|ошибка)?\W{0,3}[45]\d\d"
_MISSING = (
    r"(?: ?(?:was|is|could|does|can|has|cannot))?(?: ?not|n't)? ?(?:be |been )?"
    r"(?:found|exist|removed|moved|deleted|available|unavailable)"
)
_ASKED_FOR = r"(?: (?:that )?(?:you )?(?:requested|(?:are|were) looking for)|\s/\S{1,80})?"


def _lines(*phrases: str) -> re.Pattern[str]:
    """Compile *phrases* for whole lines; names of hosts and ornaments may stand around them."""
    either = "|".join(phrases)
    around = rf"(?:used )?{_HOST}(?: to restrict access)?"
    return re.compile(
        rf"\W{{0,9}}(?:{_HOST}\W{{1,5}})?(?:{either})\W{{0,9}}(?:{around}\W{{0,5}}){{0,2}}", re.I
    )


BLOCKED = _lines(
    r"(?:please wait\W+)?(?:we are )?checking your browser(?: before (?:accessing|you access).*)?",
    r"checking if the site connection is secure",
    r"just a moment(?:\W+please)?",
    r"one more step",
    r"one moment,? please",
    rf"{_ASK}stand by.*",
    rf"{_ASK}wait while (?:we|your (?:request|browser)) .*",
    r"pardon our interruption",
    r"attention required",
    r"are you (?:a )?(?:robot|human)",
    r"robot check",
    r"i.?m not a robot",
    r"captcha",
    r"(?:human|browser|bot|security|captcha) (?:verification|check|challenge)(?: required)?",
    rf"{_ASK}(?:complete|solve|enter) the (?:security check|captcha|characters)(?: .*)?",
    rf"{_ASK}verif(?:y|ying)(?: that)? you(?: are|'re) (?:a )?(?:human|not a (?:ro)?bot).*",
    rf"{_ASK}(?:enable|turn on) (?:javascript|cookies)(?: and (?:cookies|javascript))?"
    r"(?: (?:to|and|in) .*)?",
    r"ddos[- ](?:guard|protection by .*)",
    r"(?:cloudflare )?ray id\W.*",
    r"(?:sorry,? )?you (?:have been|are) (?:blocked|banned)(?: from .*)?",
    r"you (?:are unable to|do not have|don't have) (?:permission to )?access .*",
    r"(?:your )?(?:ip(?: address)?|request|access)(?: to this (?:page|site|website|resource))?"
    r"(?: has been| is| was)? (?:denied|blocked|banned|restricted|rejected)",
    r"access forbidden",
    r"too many requests",
    r"rate limit(?:ed| exceeded)",
    r"request unsuccessful\. incapsula.*",
    r"the requested url was rejected\W.*",
    r"our systems have detected unusual traffic .*",
    r"проверка браузера",
    r"доступ (?:запрещ[её]н|ограничен)",
    r"подтвердите, что вы .*",
)
FAILED = _lines(
    _CODE,
    rf"{_CODE}\W{{1,4}}(?:error|not found|forbidden|bad (?:gateway|request)|unauthori[sz]ed"
    r"|(?:internal )?server error|gateway time-?out|too many requests|access denied"
    r"|page not found|forbidden: access is denied|service (?:temporarily )?unavailable"
    r"|web server is down|unknown error|origin .{1,40}|страница не найдена)",
    r"(?:sorry\W+)?(?:the |this )?(?:requested )?"
    r"(?:page|file|document|article|content|url|resource)"
    rf"{_ASKED_FOR}{_MISSING}(?: on this server)?",
    r"(?:sorry\W+)?not found",
    r"object not found",
    r"nothing found",
    r"no such page",
    r"forbidden",
    r"(?:internal )?server error",
    r"application error",
    r"bad (?:gateway|request)",
    r"gateway time-?out",
    r"(?:the )?service (?:is )?(?:temporarily )?unavailable",
    r"(?:database|mysql) (?:connection )?error",
    r"error establishing a database connection",
    r"(?:could not|can't|cannot) connect to (?:the )?(?:database|(?:local )?mysql).*",
    r"unable to connect(?: to the database)?",
    r"(?:php )?(?:fatal error|warning|parse error|notice): .* on line \d+(?: .*)?",
    r"(?:php )?fatal error: uncaught .*",
    r"mysqli?_\w+.*",
    r"under (?:construction|maintenance)",
    r"(?:this |the |our )?(?:web)?(?:site|page) is (?:currently )?"
    r"(?:under (?:construction|maintenance)|down(?: for maintenance)?|temporarily .{1,60})",
    r"account suspended",
    r"this (?:account|domain) (?:has been|is) (?:suspended|expired|for sale)",
    r"index of /.*",
    r"it works",
    r"welcome to nginx",
    r"apache2? .{0,20}default page(?:\W.*)?",
    r"страница не найдена",
    r"(?:страница|документ) не существует",
    r"ошибка сервера",
)
_COUNTED = r"(?:views?|hits|visits|visitors|readers|shares|likes|comments?|votes|просмотр(?:ов|ы))"
_FIGURE = r"\d[\d ,.]{0,10}"
_COUNT = rf"(?:{_COUNTED}\s?[:(]?\s?{_FIGURE}\)?|{_FIGURE} {_COUNTED})"
_THIS = r"(?: (?:this|the))?(?: (?:page|article|story|news|link|text))?"
_NETWORK = (
    r"(?:facebook|twitter|vk|vkontakte|telegram|whatsapp|linkedin|google\+?|pinterest|livejournal)"
)
# What a page says of itself beside its text: buttons, counts of visitors, what else there is.
TOOLS = _lines(
    _COUNT,
    rf"print(?:er)?(?:[- ]friendly)?(?:{_THIS}| version)",
    rf"(?:share|tweet|bookmark|save|e-?mail|recommend|like){_THIS}(?: (?:on|via|with) .{{1,30}})?",
    rf"(?:share|follow us)(?: on)?\W{{0,3}}{_NETWORK}(?:\W{{1,3}}(?:and )?{_NETWORK}){{0,6}}",
    rf"{_NETWORK}(?:\W{{1,3}}{_NETWORK}){{0,6}}",
    rf"(?:send|e-?mail){_THIS} to a friend",
    r"(?:leave|post|add|write) (?:a |your )?(?:comment|reply)",
    r"(?:no )?comments(?: yet| are closed)?",
    r"(?:read|show|see) more|continue reading",
    r"(?:back|return)(?: to (?:the )?(?:top|list|page|news)(?: of page)?)?",
    r"(?:previous|next)(?: (?:article|post|page|news|story))?",
    r"(?:previous|prev)\W{1,5}next",
    r"(?:related|similar|other|more) (?:articles|news|posts|items|links|stories|materials)",
    r"see also|you may also (?:like|read)",
    r"(?:tags?|filed under|posted (?:in|by)): .{0,50}",
    r"subscribe(?: (?:to|by) .{1,30})?",
    r"версия для печати|распечатать|поделиться.{0,20}|комментари[ий]|читайте также|назад",
)
COUNT_BEHIND = re.compile(  # a title may end in "comment 2018": a word needs more than a space
    rf"[\s|(\[·•–-](?:{_COUNTED}\s?[:(]\s?{_FIGURE}\)?|{_FIGURE} {_COUNTED})\W{{0,3}}", re.I
)
TO_A_VISITOR = re.compile(
    r"your browser|you(?: are|'re) (?:a )?(?:human|not a (?:ro)?bot)|to continue|ray id|cloudflare"
    r"|enable (?:javascript|cookies)|your ip\b|security service|reload the page|incident id"
    r"|(?:complete|solve) the captcha|unusual traffic|have been blocked|automated queries",
    re.I,
)
SOFT_404 = re.compile(
    r"\W{0,5}(?:(?:error|ошибка)\W{0,5})?(?:404|410)?\W{0,5}(?:"
    r"(?:the )?(?:requested )?(?:page|article|document|file|news)"
    rf"{_ASKED_FOR}{_MISSING}|not found|(?:страница|документ|новость) не (?:найден[ао]?|существует)"
    r")\W{0,5}(?:404)?\W{0,5}|\W{0,5}(?:error|ошибка)?\W{0,5}404\W{0,5}",
    re.I,
)

# What a server says for itself when it cannot answer; two of them make an error page.
APOLOGIES = re.compile(
    r"try again (?:later|in a)|(?:be |come )?back (?:soon|shortly|later)|bandwidth limit"
    r"|(?:under|undergoing|scheduled) (?:maintenance|construction)|(?:resource|request) limit"
    r"|temporarily (?:unable|unavailable|down|offline)|unable to service|service unavailable"
    r"|we(?: are|'re) sorry|sorry for (?:the|any) inconvenience|redirecting|\berror\b"
    r"|технические работы|ведутся работы|(?:зайдите|попробуйте|повторите)\W.{0,20}позже"
    r"|временно недоступ",
    re.I,
)
