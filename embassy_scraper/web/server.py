"""The server: a Datasette on one history, read-only, beside whoever writes to it."""

import asyncio
import socket
import sqlite3
import webbrowser
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from embassy_scraper.errors import ServeError
from embassy_scraper.web import plugin
from embassy_scraper.web.tables import metadata
from pipelines.tables.database import open_as_it_stands

Say = Callable[[str], None]  # tells a line to the person at the keyboard
NAME = "history"  # of the database in addresses, whatever its file is called
_SETTINGS = {
    "allow_download": False,  # a copy of the file alone would lack what a writer's log holds
    "allow_facet": True,
    "default_page_size": 50,
    "facet_time_limit_ms": 500,
    "suggest_facets": False,
    "sql_time_limit_ms": 5000,
    "trace_debug": False,
}


class History(Database):
    """A database that is only read: also where its folder may not be written to."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Return a connection that reads the history as it stands."""
        if write:
            raise sqlite3.OperationalError("the history is served read-only")
        connection = open_as_it_stands(Path(str(self.path)), any_thread=True)
        self._all_file_connections.append(connection)
        return connection


def make_datasette(db: Path, base_url: str = "/") -> Datasette:
    """Return a Datasette on the history *db*, whose addresses begin with *base_url*."""
    if not pm.is_registered(plugin):
        pm.register(plugin, name="embassy")
    templates = files("embassy_scraper.web").joinpath("datasette_templates")
    datasette = Datasette(
        [],
        memory=False,
        metadata=metadata(NAME),
        template_dir=str(templates),
        settings={**_SETTINGS, "base_url": base_url},
    )
    datasette.remove_database("_memory")
    datasette.add_database(History(datasette, path=str(db)), name=NAME)
    return datasette


def run(db: Path, host: str, port: int, base_url: str, say: Say, *, opens: bool = False) -> None:
    """Serve the history *db* until SIGINT or SIGTERM; say where.

    Raises:
        ServeError: nothing can listen there.
    """
    base_url = f"/{base_url.strip('/')}/" if base_url.strip("/") else "/"
    listener = _listen(host, port)
    datasette = make_datasette(db, base_url)
    asyncio.run(datasette.invoke_startup())
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{listener.getsockname()[1]}{base_url}"
    say(f"{db}: to be read at {url} (Ctrl+C ends it)")
    if opens:
        webbrowser.open(url)
    config = uvicorn.Config(datasette.app(), log_level="warning", server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        why = error.strerror or error
        raise ServeError(f"{host}:{port}: {why}; name another port with --port") from error
    return listener
