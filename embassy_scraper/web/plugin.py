"""The plugin: our pages, their look around Datasette's own, and what is not for people."""

from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response
from markupsafe import Markup

from embassy_scraper.errors import BadRequest, NotHere
from embassy_scraper.reports.environment import shown
from embassy_scraper.web import cells, feeds
from embassy_scraper.web.look import templates
from embassy_scraper.web.page import Answer, Asked, Page, Values
from embassy_scraper.web.pages import PAGES

_HISTORY = "history"
_STRICT = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TABLES = (  # Datasette's own pages have scripts within them
    "default-src 'none'; connect-src 'self'; style-src 'self' 'unsafe-inline';"
    " script-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_STATIC = {
    "style.css": ("embassy_scraper.reports", "style.css", "text/css; charset=utf-8"),
    "pages.css": ("embassy_scraper.web", "static/pages.css", "text/css; charset=utf-8"),
    "tables.css": ("embassy_scraper.web", "static/tables.css", "text/css; charset=utf-8"),
    "copy.js": ("embassy_scraper.web", "static/copy.js", "text/javascript; charset=utf-8"),
}
_METHODS = ("GET", "HEAD", "OPTIONS")
View = Callable[[Datasette, Request], Awaitable[Response]]


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Return our pages; they come before Datasette's own, the front page too."""
    return [
        (r"^/-/look/(?P<name>[a-z.]+)$", _look),
        (r"^/-/(?!look/|static/).*$", _inside),
        *((p.pattern, _view(p)) for p in PAGES),
    ]


@hookimpl
def permission_allowed(action: str, resource: Any) -> bool | None:
    """Hide what is internal: tables and views whose names begin with ``_``."""
    is_table = action == "view-table" and isinstance(resource, tuple)
    return False if is_table and is_internal(resource[1]) else None


def is_internal(name: str) -> bool:
    """Say whether a table or view is none of the public ones."""
    return name.startswith(("_", "versions_fts", "sqlite_"))


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, datasette: Datasette) -> Any:
    """Return a cell as a link to our pages, or its text made visible; ``None``: as it is."""
    return cells.cell(row, value, column, table, datasette.urls.path("/"))


@hookimpl
def register_output_renderer() -> dict[str, Any]:
    """Return what makes a feed of tables, views and questions."""
    return {"extension": "atom", "render": feeds.render, "can_render": feeds.can_render}


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Datasette) -> None:
    """Give Datasette's templates our menu, our address, and our way to show a text."""
    base = datasette.urls.path("/")
    menu = Markup(templates().get_template("menu.html").render(base=base, here=""))
    env.globals.update(base=base, menu=menu)
    env.finalize = shown


@hookimpl
def asgi_wrapper() -> Callable[[Any], Any]:
    """Put headers on every answer that keep a browser from doing what a page has no need of."""
    return _guard


def _guard(app: Any) -> Any:
    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        async def send_guarded(event: Any) -> None:
            if event["type"] == "http.response.start":
                names = {name.lower() for name, _ in event["headers"]}
                added = {
                    b"content-security-policy": _TABLES.encode(),
                    b"x-content-type-options": b"nosniff",
                    b"referrer-policy": b"same-origin",
                }
                more = [pair for pair in added.items() if pair[0] not in names]
                event = {**event, "headers": [*event["headers"], *more]}
            await send(event)

        if scope["type"] == "http" and scope["method"] not in _METHODS:
            said = "the history is only read; ask with GET\n"
            refusal = Response.text(said, status=405, headers={"allow": ", ".join(_METHODS)})
            await refusal.asgi_send(send_guarded)
            return
        await app(scope, receive, send_guarded if scope["type"] == "http" else send)

    return guarded


async def _inside(request: Request) -> Response:
    """Hide what Datasette tells of itself: where files lie on this machine, and what runs there."""
    raise NotFound(f"{request.path} is not served")


async def _look(request: Request) -> Response:
    name = request.url_vars["name"]
    if name not in _STATIC:
        return Response.text("no such file", status=404)
    package, path, content_type = _STATIC[name]
    body = files(package).joinpath(*path.split("/")).read_bytes()
    return Response(body, content_type=content_type, headers={"cache-control": "max-age=300"})


def _view(page: Page) -> View:
    """Return what answers requests for *page*."""

    async def view(datasette: Datasette, request: Request) -> Response:
        history = datasette.get_database(_HISTORY)
        base = datasette.urls.path("/")
        db = Path(str(history.path))
        try:
            found = await history.ask(lambda one: _load(page, one, db, request, base))
        except NotHere as error:
            return _missing("Not here", error, request, base, 404)
        except BadRequest as error:
            return _missing("That cannot be answered", error, request, base, 400)
        if isinstance(found, Answer):
            return Response(
                found.body, content_type=found.content_type, headers=dict(found.headers)
            )
        return _page(page.template, found, request, base)

    return view


def _load(page: Page, connection: Any, db: Path, request: Request, base: str) -> Values | Answer:
    """Return what *page* shows; all of it is of one moment."""
    parts = {name: unquote(part) for name, part in request.url_vars.items()}
    origin = f"{request.scheme}://{request.host}"
    asked = Asked(connection, db, parts, _arguments(request), base, origin)
    connection.execute("BEGIN")
    try:
        found = page.load(asked)
        if isinstance(found, Answer):
            return found
        return {"stand_in": asked.stand_in, "db_option": asked.db_option, **found}
    finally:
        connection.rollback()


def _arguments(request: Request) -> dict[str, str]:
    """Return the arguments of an address, the first of each name."""
    return {name: request.args[name] for name in request.args}


def _page(name: str, values: Values, request: Request, base: str, status: int = 200) -> Response:
    here = request.path + (f"?{request.query_string}" if request.query_string else "")
    text = templates().get_template(name).render(base=base, here=here, **values)
    return Response.html(text, status=status, headers={"content-security-policy": _STRICT})


def _missing(heading: str, error: Exception, request: Request, base: str, status: int) -> Response:
    said = {"heading": heading, "said": str(error)}
    return _page("missing.html", said, request, base, status)
