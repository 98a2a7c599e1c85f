"""The outbox: messages of alerts, written down before they are sent, and until they have arrived.

In: a message with what it tells. Out: those that still have to be sent. Drops: nothing. Never: an
address; which of them have a message is known by digests.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from pipelines.tables.runs import now

_LONGEST_ERROR = 300  # characters


@dataclass(frozen=True, slots=True)
class Message:
    """A message; its *key* tells it from all others, and stays the same when it is sent again."""

    id: int
    key: str
    title: str
    body: str
    reached: frozenset[str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages to a name were not sent, since when, and why not."""

    name: str
    messages: int
    since: str
    error: str | None


def new_key() -> str:
    """Return a key that no other message has."""
    return uuid4().hex


def write_message(
    connection: sqlite3.Connection, name: str, key: str, title: str, body: str
) -> int:
    """Write down a message to *name*; return its number. The caller commits."""
    cursor = connection.execute(
        "INSERT INTO _messages (key, name, made_at, title, body, reached, tries)"
        " VALUES (?,?,?,?,?,'[]',0)",
        (key, name, now(), title, body),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def unsent(connection: sqlite3.Connection, name: str) -> list[Message]:
    """Return the messages to *name* that have not reached all addresses, oldest first."""
    rows = connection.execute(
        "SELECT id, key, title, body, reached FROM _messages"
        " WHERE name = ? AND sent_at IS NULL ORDER BY id",
        (name,),
    ).fetchall()
    return [
        Message(number, key, title, body, frozenset(json.loads(reached)))
        for number, key, title, body, reached in rows
    ]


def note_reached(connection: sqlite3.Connection, message: int, reached: Iterable[str]) -> None:
    """Write down which addresses have a *message*. The caller commits."""
    known = json.dumps(sorted(reached))
    connection.execute("UPDATE _messages SET reached = ? WHERE id = ?", (known, message))


def note_try(connection: sqlite3.Connection, message: int, error: str | None) -> None:
    """Write down that a *message* was sent, or why it did not reach all. The caller commits."""
    connection.execute(
        "UPDATE _messages SET tries = tries + 1, error = ?1, sent_at = iif(?1 IS NULL, ?2, NULL)"
        " WHERE id = ?3",
        (error and " ".join(error.split())[:_LONGEST_ERROR], now(), message),
    )


def waiting(connection: sqlite3.Connection, names: Iterable[str]) -> list[Waiting]:
    """Return of *names* those with messages that were not sent."""
    if not (wanted := sorted(names)):
        return []
    rows = connection.execute(
        "SELECT name, count(*), min(made_at), max(error) FROM _messages WHERE sent_at IS NULL"
        " AND name IN (SELECT value FROM json_each(?)) GROUP BY name ORDER BY name",
        (json.dumps(wanted),),
    )
    return [Waiting(*row) for row in rows]
