"""The texts that are poured: all invented here, about a harbour that is on no map."""

from __future__ import annotations

from datetime import date, timedelta

from .model import SITE, Entry, Model

_SUBJECTS = (
    "the winter timetable of the ferry",
    "the bell of the customs house",
    "the visit of the young cartographers",
    "the missing page of the tide tables",
    "the festival of choirs at the quay",
    "the lamp oil for the outer islands",
    "the new sails of the training ship",
    "the closing of the seamen’s library",
    "the award to the oldest pilot",
    "the wreath at the breakwater",
    "the rumours about the lighthouse archive",
)
_TITLES = (
    "Embassy comment on {}",
    "Embassy reply to a media question on {}",
    "PHOTO: Ambassador attends a ceremony on {}",
    "Statement by the Harbour Office concerning {}",
    "VIDEO: Press Secretary speaks of {}",
    "“Nothing was hidden”: an interview on {}",
    "ON THE QUESTION OF {}",
)
_LEADS = (
    "The Embassy has taken note of what was printed last week about {} and wishes to add a few "
    "facts that the authors have left out.",
    "Q: What do you make of {}? A: There is little to say that has not been said on Friday, and "
    "we stand by every word.",
    "Guests from nine countries came together to hear about {}, and many of them stayed for the "
    "concert that followed in the evening.",
    "We have repeatedly asked the port for an explanation regarding {}; 14 letters have gone "
    "without an answer since March.",
    "On Tuesday the Consul spoke at length about {}. The full text will be published as soon as "
    "the translation is ready.",
)
_FAMILIES = ("fnapr", "fnapr", "article", "fnapr", "activity", "fnapr", "video")


def entries(count: int, newest: date, number: int) -> tuple[Entry, ...]:
    """Return *count* items, newest first, no two with the same title."""
    made = []
    day = newest
    for n in range(count):
        subject = _SUBJECTS[(number + 3 * n) % len(_SUBJECTS)]
        title = _TITLES[n % len(_TITLES)].format(subject)
        lead = _LEADS[(n + number) % len(_LEADS)].format(subject)
        key = f"{_FAMILIES[n % len(_FAMILIES)]}/{number - n}"
        made.append(Entry(day.strftime("%d.%m.%Y"), title, lead, key))
        day -= timedelta(days=(n * 7 + number) % 4)
    return tuple(made)


_BODIES = (
    (
        "Embassy comment regarding the lamp oil for the outer islands",
        "03.04.2020",
        "3 April 2020, 18:05",
        "2020-04-03T17:05:00Z",
        "Several newspapers keep asking who paid for the lamp oil that was shipped to the outer "
        "islands in the last days of March, and what was expected in return.",
        "The answer is as short as it was a week ago: the oil was bought by readers of the "
        "harbour almanac, 1,284 of them, and nothing at all was expected.",
        "Fifteen boats took part. They carried 60 barrels each; the crews counted 122 people, "
        "among them eight doctors and a piano tuner.",
        "By 1 April, 17 lamps out of 65 had been lit again. The rest will follow before the end "
        "of the month if the weather holds.",
        "We cannot but notice that none of those who now doubt the gift came to the quay to help "
        "with the barrels.",
        "We wish our friends on the islands a calm spring and well-lit evenings.",
    ),
    (
        "Press Secretary’s reply to the Quayside Courier on the tide tables",
        "17.06.2019",
        "17 June 2019, 11:40",
        "2019-06-17T10:40:00Z",
        "Question: The page for August is missing from the tide tables that your office printed. "
        "How do you explain that?",
        "Answer: The page was never missing. It was bound in the wrong place, between February "
        "and March, where 3.5 per cent of the readers have found it.",
        "Question: Will the tables be printed again?",
        "Answer: A corrected sheet has been sent to all 412 subscribers, free of charge, and may "
        "be had at the front desk on any working day.",
        "Question: Has anyone run aground because of it?",
        "Answer: Not one boat. Our pilots know the tides of August by heart, and those who do "
        "not are kindly asked to stay in the harbour.",
        "Those who received the first edition need not return it; the maps in it are correct.",
    ),
    (
        "ON THE CLOSING OF THE SEAMEN’S LIBRARY",
        "30.01.2018",
        "30 January 2018, 09:15",
        "2018-01-30T09:15:00Z",
        "It has become known that the seamen’s library at the old quay will close its doors on "
        "the last day of February, after 131 years.",
        "The library holds about nine thousand volumes, among them logbooks of ships from forty "
        "countries; many of them exist nowhere else.",
        "The Embassy has offered to take the logbooks into its care until another building is "
        "found. The offer has been left without a reply.",
        "Concerningthe reasons for the closing we have heard three versions in two weeks, none "
        "of which agrees with the others.",
        "A library is not a warehouse of paper. It is the memory of those who went to sea, and "
        "of those who waited for them.",
        "We expect that the city will reconsider, and we are ready to talk on any day of its "
        "choosing.",
        "The reading room remains open until then, from ten to six.",
        "Donations are not needed; readers are.",
    ),
)
PAGER = "Pages: ««« :: 161718192021222324252627282930 :: »»»"
_BLOCK_ON = date(2020, 11, 23)


def statement(number: int = 0) -> Model:
    """Return one of the statements, with the latest block."""
    title, on, signature, published_at, *body = _BODIES[number % len(_BODIES)]
    return Model(
        "statement",
        f"{SITE}fnapr/6956",
        heading=("PRESS RELEASES AND NEWS", "EMBASSY INFORMS")[number % 5 == 4],
        on=on,
        title=title,
        body=tuple(("", text) for text in body),
        signature=signature,
        published_at=published_at,
        block=entries(10, _BLOCK_ON, 7100 + number % 3),
    )


def listing(number: int = 0) -> Model:
    """Return a page from the middle of a list."""
    return Model(
        "listing",
        f"{SITE}newarh/&start=221&ps=10&ppp=15",
        heading="EMBASSY INFORMS",
        pager=PAGER,
        name="newarh",
        start=221,
        entries=entries(10, date(2018, 3, 28), 6400 + number % 3),
    )


def homepage(number: int = 0) -> Model:
    """Return the homepage with its fifteen items."""
    return Model(
        "home",
        SITE,
        heading="EMBASSY INFORMS",
        name="home",
        entries=entries(15, _BLOCK_ON, 7100 + number % 3),
    )


MODELS = {"statement": statement, "listing": listing, "home": homepage}
