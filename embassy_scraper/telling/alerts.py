"""Alerts: after a run each name is told what is new to it, in one message.

Ledger and message are written in one transaction; then the message is sent, and what it has reached
is noted address by address. So nothing is lost, and after a kill what is sent again has its key.
"""

import sqlite3
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from filelock import Timeout

from embassy_scraper.config import Alert, Config
from embassy_scraper.errors import AlertError, EmbassyError
from embassy_scraper.reports.wanted import Wanted, change_of
from embassy_scraper.telling.courier import Courier
from embassy_scraper.telling.message import Told, message_of
from embassy_scraper.telling.names import headings_of, site_of
from embassy_scraper.telling.news import changes_new_to, ledger_lock
from embassy_scraper.telling.states import kinds_of, states
from pipelines.history.kinds import KINDS
from pipelines.state.outbox import (
    Message,
    new_key,
    note_reached,
    note_try,
    unsent,
    write_message,
)
from pipelines.state.told import Row, chosen, compare, note_told, told_to
from pipelines.tables.database import writing

_PATIENCE = 60  # seconds to wait for another who tells
_SELDOM_NEWS = "counter_progressed"  # every day another: told only to those who name it


def tell_alerts(connection: sqlite3.Connection, db: Path, config: Config) -> list[str]:
    """Tell every name what is new to it, and send what waits; return what could not be done.

    Raises:
        AlertError: another run tells at the same time and does not end, or Apprise is missing.
    """
    try:
        with ledger_lock(db, _PATIENCE):
            for alert in config.alerts:
                write_down(connection, alert, config)
            return send_waiting(connection, config.alerts)
    except Timeout:
        raise AlertError(
            f"{db}: another run has been sending alerts for {_PATIENCE} s; the next run tells what"
            " this one would have told"
        ) from None


def write_down(connection: sqlite3.Connection, alert: Alert, config: Config) -> None:
    """Write down what is new to an *alert*, and the message that tells it, if there is anything."""
    usual = [kind for kind in KINDS if kind != _SELDOM_NEWS]
    wanted = Wanted(tuple(alert.kinds or usual))

    def is_wanted(row: Row) -> bool:
        is_slight = alert.significance == "substantive" and row["significance"] == "cosmetic"
        return not is_slight and wanted.fits(change_of(row))

    changes = chosen(changes_new_to(connection, alert.name), is_wanted)
    kinds = kinds_of(alert)
    told = Told(changes, compare(states(connection, alert), told_to(connection, alert.name, kinds)))
    key, message = new_key(), None
    with writing(connection):
        if told:
            title, body = message_of(told, key, site_of(config), headings_of(config))
            message = write_message(connection, alert.name, key, title, body)
        for news in (told.changes, told.states):
            note_told(connection, alert.name, news, message)


def send_waiting(connection: sqlite3.Connection, alerts: Iterable[Alert]) -> list[str]:
    """Send what was not sent yet, oldest first; return a line for each address that failed.

    Raises:
        AlertError: Apprise is missing.
    """
    failed = []
    courier = None
    for alert in alerts:
        faults: dict[int, str] = {}
        for message in unsent(connection, alert.name):
            courier = courier or _courier(connection, message)
            _send(connection, courier, alert, message, faults)
        for number, why in sorted(faults.items()):
            kind = alert.to[number].partition("://")[0]
            failed.append(f"{alert.name}, address {number + 1} ({kind}): {why}")
    return failed


def _courier(connection: sqlite3.Connection, message: Message) -> Courier:
    try:
        return Courier()
    except EmbassyError as error:
        with writing(connection):
            note_try(connection, message.id, str(error))
        raise


def _send(
    connection: sqlite3.Connection,
    courier: Courier,
    alert: Alert,
    message: Message,
    faults: dict[int, str],
) -> None:
    """Send a *message* to the addresses that lack it, but those that had *faults* in this run."""
    reached = set(message.reached)
    for number, address in enumerate(alert.to):
        digest = sha256(f"{message.key} {address}".encode()).hexdigest()[:16]
        if digest in reached or number in faults:
            continue
        why = courier.send(message, address)
        if why is not None:
            faults[number] = why
            continue
        reached.add(digest)
        with writing(connection):
            note_reached(connection, message.id, reached)
    error = "; ".join(f"address {number + 1}: {why}" for number, why in faults.items())
    with writing(connection):
        note_try(connection, message.id, error or None)
