"""Made-up texts: deterministic from a random.Random, never a real statement."""

from __future__ import annotations

from random import Random


def _split(text: str) -> list[str]:
    return text.split()


NOUNS = _split(
    "harbour lantern meadow treaty kettle orchard ferry compass violin gravel pavilion ledger "
    "thimble quarry lighthouse parcel saddle canal furnace ribbon granary beacon mosaic tunnel "
    "cabinet envoy delegation council market bakery glacier pilgrim almanac carriage chimney "
    "archive telegraph anchor bridge velvet copper marble willow falcon otter heron badger "
    "cellar drummer engraver fountain gardener herald island jetty kiosk library museum notary"
)
VERBS = _split(
    "opens considers rejects welcomes repairs postpones describes measures renews supports "
    "observes questions delivers receives examines forgets restores borrows announces confirms "
    "collects compares discusses explains follows gathers honours invites joins keeps launches"
)
LINKS = _split(
    "near behind without beyond among despite during against towards within before after under "
    "concerning regarding following including unlike beside through across around"
)
ADJECTIVES = _split(
    "northern quiet amber wooden joint annual former humble distant hollow crimson patient "
    "regular narrow ancient bilateral curious seasonal formal gentle unusual coastal silver "
    "separate modest early mutual public rural steady"
)
ODD = ("concerningthe", "thePrime", "tradedy", "Comittee", "МН17", "don’t", "«Север»", "3.5", "№7")


def words(rng: Random, count: int) -> list[str]:
    """`count` words in a loose noun-verb order."""
    kinds = (ADJECTIVES, NOUNS, VERBS, ADJECTIVES, NOUNS, LINKS)
    picked = [rng.choice(kinds[i % len(kinds)]) for i in range(count)]
    if rng.random() < 0.25:
        picked[rng.randrange(count)] = rng.choice(ODD)
    return picked


def sentence(rng: Random, low: int, high: int, end: str = ".") -> str:
    picked = words(rng, rng.randint(low, high))
    if rng.random() < 0.3 and len(picked) > 8:
        picked[4] = f"“{picked[4]}”"
    text = " ".join(picked)
    return text[0].upper() + text[1:] + end


def title(rng: Random) -> str:
    """A title of one line; now and then one of the site's odd kinds."""
    roll = rng.random()
    if roll < 0.06:
        return sentence(rng, 28, 34, "")
    if roll < 0.12:
        return sentence(rng, 4, 7, "").upper()
    if roll < 0.18:
        return f"{rng.randint(10, 99)} weeks have passed after " + sentence(rng, 4, 6, "").lower()
    if roll < 0.24:
        return rng.choice(("PHOTO: ", "VIDEO: ")) + sentence(rng, 4, 7, "")
    if roll < 0.32:
        return sentence(rng, 4, 6, "") + f" – {rng.choice(NOUNS)}, {rng.randint(2, 27)} May 2019"
    return sentence(rng, 5, 9, "")


def lead(rng: Random) -> str:
    return sentence(rng, 16, 24, rng.choice((".", ".", ".", ":", "?")))


def change_word(rng: Random, text: str) -> str:
    """The text with one of its inner words replaced by a new one."""
    parts = text.split(" ")
    at = rng.randrange(1, len(parts) - 1)
    fresh = rng.choice([w for w in NOUNS if w not in parts])
    return " ".join([*parts[:at], fresh, *parts[at + 1 :]])


def change_cosmetics(rng: Random, text: str) -> str:
    """The text with other quotes, dashes, case or punctuation; the words stay."""
    choices = [text.swapcase() if text.isupper() else text.upper()]
    if "“" in text:
        choices.append(text.replace("“", '"').replace("”", '"'))
    if " – " in text:
        choices.append(text.replace(" – ", " — "))
    parts = text.split(" ")
    choices.append(" ".join([parts[0] + ",", *parts[1:]]))
    return rng.choice([c for c in choices if c != text])
