"""``serve`` behind a real nginx, with the configuration of docs/server, under /history/ and TLS."""

import os
import re
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from embassy_scraper.commands import main
from embassy_scraper.web.pages import PAGES
from tests.peers.servers import NGINX, free_port, needs_nginx, wait_for_port
from tests.web.processes import Answer, ask, served

ROOT = Path(__file__).parents[2]
PREFIX = "/history/"
pytestmark = [pytest.mark.peer, needs_nginx]
_AROUND = """
{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log {folder}/access.log; default_type application/octet-stream;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  {site}
}}
"""


@dataclass(frozen=True)
class Proxy:
    """nginx before ``serve``: the address of the front page, and what trusts its certificate."""

    url: str
    plain: str
    trust: ssl.SSLContext

    def ask(self, path: str = "") -> Answer:
        return ask(self.url + path, self.trust)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = tmp_path_factory.mktemp("history") / "embassy.db"
    done = CliRunner().invoke(main, ["ingest", str(ROOT / "tests/captures"), "--db", str(db)])
    assert done.exit_code == 0
    return db


@pytest.fixture(scope="module")
def proxy(history: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with served(history, "--base-url", PREFIX) as serve:
        folder = tmp_path_factory.mktemp("nginx")
        with _nginx(folder, urlsplit(serve.url).port or 0) as one:
            yield one


@contextmanager
def _nginx(folder: Path, behind: int, more: Mapping[str, str] = {}) -> Iterator[Proxy]:
    """Run nginx with the site of the docs: other ports, another certificate, and no more."""
    certificate, key = _certificate(folder)
    secure, plain = free_port(), free_port()
    site = (ROOT / "docs/server/nginx.conf").read_text(encoding="utf-8")
    replaced = {
        "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "/etc/letsencrypt/live/example.org/fullchain.pem": str(certificate),
        "/etc/letsencrypt/live/example.org/privkey.pem": str(key),
        "http://127.0.0.1:8001": f"http://127.0.0.1:{behind}",
        **more,
    }
    for old, new in replaced.items():
        assert old in site, old
        site = site.replace(old, new)
    user = "user root;" if os.geteuid() == 0 else ""
    conf = folder / "nginx.conf"
    conf.write_text(_AROUND.format(user=user, folder=folder, site=site))
    words = [NGINX, "-c", str(conf), "-p", str(folder)]
    checked = subprocess.run([*words, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    nginx = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(secure, nginx)
        trust = ssl.create_default_context(cafile=str(certificate))
        yield Proxy(
            f"https://localhost:{secure}{PREFIX}", f"http://localhost:{plain}{PREFIX}", trust
        )
    finally:
        nginx.terminate()
        nginx.wait()


def _certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "fullchain.pem", folder / "privkey.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-out", str(certificate),
         "-keyout", str(key)],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


def _is_there(url: str) -> bool:
    """Whether a page of ours has this address; Datasette's own have two parts, or begin with -."""
    path = "/" + urlsplit(url).path.removeprefix(PREFIX)
    is_datasettes = path.startswith(("/-/", "/history"))
    return is_datasettes or any(re.match(page.pattern, path) for page in PAGES)


def test_every_link_of_the_front_page_stays_below_the_prefix_and_leads_somewhere(
    proxy: Proxy,
) -> None:
    front = proxy.ask()
    assert front.status == 200
    links = sorted(set(front.links()))
    assert len(links) > 20
    assert any("/statement/" in link for link in links)
    for link in links:
        assert urlsplit(link).scheme == "https", link
        assert urlsplit(link).path.startswith(PREFIX), link
        if _is_there(link):
            assert ask(link, proxy.trust).status == 200, link


def test_the_look_comes_through(proxy: Proxy) -> None:
    sheets = [link for link in proxy.ask().links() if link.endswith(".css")]
    assert len(sheets) == 2
    for sheet in sheets:
        found = ask(sheet, proxy.trust)
        assert found.status == 200
        assert found.headers["content-type"] == "text/css; charset=utf-8"
        assert found.headers["cache-control"] == "max-age=300"


@pytest.mark.parametrize(
    "path",
    ["history", "history/changes", "history/changes?_facet=kind&_size=2", "history/timeline"],
)
def test_every_link_of_a_table_stays_below_the_prefix_and_leads_somewhere(
    proxy: Proxy, path: str
) -> None:
    table = proxy.ask(path)
    assert table.status == 200
    links = sorted(set(table.links()))
    assert any(".json" in link for link in links)
    for link in links:
        assert urlsplit(link).scheme == "https", link
        assert urlsplit(link).path.startswith(PREFIX), link
        if _is_there(link):
            assert ask(link, proxy.trust).status == 200, link


def test_tables_come_as_json_and_csv_with_addresses_as_readers_see_them(proxy: Proxy) -> None:
    assert proxy.ask("history/changes.csv").text.startswith("change_id,kind,subject,title,")
    found = proxy.ask("history/changes.json?_size=1")
    assert f'"next_url": "{proxy.url}history/changes.json?' in found.text


def test_files_with_their_version_in_the_address_are_kept_for_long(proxy: Proxy) -> None:
    sheet = next(one for one in proxy.ask("history/changes").links() if "/app.css" in one)
    assert ask(sheet, proxy.trust).headers["cache-control"] == "max-age=604800"
    assert "max-age=604800" not in proxy.ask().headers.get("cache-control", "")


def test_an_address_without_its_last_slash_leads_to_the_front_page(proxy: Proxy) -> None:
    found = ask(proxy.url.rstrip("/"), proxy.trust)
    assert found.status == 301
    assert urlsplit(found.headers["location"]).path == PREFIX


def test_without_encryption_readers_are_sent_to_the_address_that_has_it(proxy: Proxy) -> None:
    found = ask(proxy.plain + "history/changes?_size=2")
    assert found.status == 301
    assert found.headers["location"] == "https://example.org/history/history/changes?_size=2"


def test_with_a_password_nobody_else_reads(
    history: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("password")
    users = folder / "users"
    hashed = subprocess.run(
        ["openssl", "passwd", "-apr1", "tulips"], capture_output=True, text=True, check=True
    )
    users.write_text(f"reader:{hashed.stdout}")
    with served(history, "--base-url", PREFIX) as serve:
        opened = {
            "# auth_basic ": "auth_basic ",
            "# auth_basic_user_file": "auth_basic_user_file",
            "/etc/nginx/embassy.htpasswd": str(users),
        }
        with _nginx(folder, urlsplit(serve.url).port or 0, opened) as proxy:
            assert proxy.ask().status == 401
            assert proxy.ask("history/changes.json").status == 401
            found = ask(proxy.url, proxy.trust, user=("reader", "tulips"))
            assert found.status == 200
            assert "no-store" not in found.headers.get("cache-control", "")
