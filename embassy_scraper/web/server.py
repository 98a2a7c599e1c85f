"""The server: a Datasette on one history, read-only, beside whoever writes to it."""

import asyncio
import logging
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm
from datasette.url_builder import Urls
from datasette.utils import PrefixedUrlString

from embassy_scraper import stopping
from embassy_scraper.errors import ServeError
from embassy_scraper.web import plugin
from embassy_scraper.web.history import History
from embassy_scraper.web.tables import metadata

Say = Callable[[str], None]  # tells a line to the person at the keyboard
NAME = "history"  # of the database in addresses, whatever its file is called
_PATIENCE = 3  # seconds for answers under way once it has to end
_SETTINGS = {
    "allow_download": False,  # a copy of the file alone would lack what a writer's log holds
    "allow_facet": True,
    "default_page_size": 50,
    "facet_time_limit_ms": 500,
    "max_returned_rows": 1000,
    "suggest_facets": False,
    "sql_time_limit_ms": 5000,
    "trace_debug": False,
    "truncate_cells_html": 300,
}


class Addresses(Urls):
    """Addresses below the one where a proxy shows the history.

    A request that came through the proxy has that prefix in its path already, and Datasette makes
    addresses out of such paths too, as of the JSON of a table.
    """

    def path(self, path: str, format: str | None = None) -> Any:
        """Return *path* with the prefix in front, once."""
        is_whole = path.startswith(self.ds.setting("base_url"))
        return super().path(PrefixedUrlString(path) if is_whole else path, format)


class Site(Datasette):
    """A Datasette whose addresses have the prefix once."""

    @property
    def urls(self) -> Addresses:
        """Return what makes addresses."""
        return Addresses(self)


def make_datasette(db: Path, base_url: str = "/") -> Datasette:
    """Return a Datasette on the history *db*, whose addresses begin with *base_url*."""
    if not pm.is_registered(plugin):
        pm.register(plugin, name="embassy")
    # where a page is not found it would print every variable, and the reader waits a second
    pm.get_plugin("datasette.handle_exception").rich = None
    templates = files("embassy_scraper.web").joinpath("datasette_templates")
    datasette = Site(
        [],
        memory=False,
        metadata=metadata(NAME),
        template_dir=str(templates),
        settings={**_SETTINGS, "base_url": base_url},
    )
    datasette.remove_database("_memory")
    datasette.add_database(History(datasette, db), name=NAME)
    return datasette


class Server(uvicorn.Server):
    """A server that waits for answers under way when it has to end, but not for long."""

    def __init__(self, config: uvicorn.Config, history: History) -> None:
        """Serve by *config*; the answers come from *history*."""
        super().__init__(config)
        self._history = history

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End: a question to the history gets less time than an answer that is being sent."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # being late is no fault now
        asyncio.get_running_loop().call_later(_PATIENCE / 2, self._history.interrupt)
        await super().shutdown(sockets)
        self._history.interrupt()


def run(db: Path, host: str, port: int, base_url: str, say: Say, *, opens: bool = False) -> None:
    """Serve the history *db* until a signal comes; say where, and who can read it.

    Raises:
        ServeError: nothing can listen there.
    """
    base_url = f"/{base_url.strip('/')}/" if base_url.strip("/") else "/"
    listener = _listen(host, port)
    datasette = make_datasette(db, base_url)
    with _ending_quietly():
        asyncio.run(datasette.invoke_startup())
        url = _address(host, listener, base_url)
        say(f"{db}: to be read at {url} (Ctrl+C ends it)")
        if not ip_address(listener.getsockname()[0]).is_loopback:
            say(
                f"{host}: there is no password, so everybody who can reach this machine can read"
                " the history; --host 127.0.0.1 shows it to this machine alone"
            )
        if opens:
            webbrowser.open(url)
        config = uvicorn.Config(
            datasette.app(),
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=_PATIENCE,
        )
        Server(config, datasette.get_database(NAME)).run(sockets=[listener])


def _address(host: str, listener: socket.socket, base_url: str) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listener.getsockname()[1]}{base_url}"


@contextmanager
def _ending_quietly() -> Iterator[None]:
    """End with status 0 when a signal comes.

    uvicorn sends itself the signal again once it has ended, to whoever waited for it before; of
    SIGHUP it knows nothing.
    """

    def leave(number: int, _frame: object) -> None:
        if number == signal.SIGHUP:
            signal.raise_signal(signal.SIGTERM)
        else:
            raise SystemExit(0)

    ours = {}
    if threading.current_thread() is threading.main_thread():
        ours = {one: signal.signal(one, leave) for one in stopping.heeded()}
    try:
        yield
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; who asks too early waits until there is somebody to answer."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # two that have bound one port learn of each other only here
    except OSError as error:
        listener.close()
        why = error.strerror or error
        raise ServeError(f"{host}:{port}: {why}; name another port with --port") from error
    return listener
