"""The served pages: the same bytes as on disk, headers on all of them, nothing but reading, nothing from the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from taggant.errors import InputError
from taggant.evidence.intake import import_case
from taggant.ledger.ledger import Ledger
from taggant.report.addresses import file_stem
from taggant.report.site import Site
from taggant.report.site_folder import LIST, write_site
from taggant.web.app import HEADERS, ServedCase, check_host, create_app
from taggant.web.casebook import open_dossier

from .invented import CANARY, make_case


def _client(served: ServedCase) -> TestClient:
    return TestClient(create_app(served), base_url="http://127.0.0.1", follow_redirects=False)


@pytest.fixture(scope="module")
def client(case: Path) -> Iterator[TestClient]:
    """The invented case, served at CLEAR."""
    with _client(ServedCase(case, level="CLEAR")) as opened:
        yield opened


@pytest.fixture(scope="module")
def written(case: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same on disk."""
    folder = tmp_path_factory.mktemp("written")
    write_site(folder, Site(open_dossier(case, level="CLEAR")))
    return folder


def test_served_and_static_pages_are_the_same_bytes(client: TestClient, written: Path) -> None:
    """Every file of the site, with its type and every header; the home also at the bare address."""
    n_files = 0
    for path in written.rglob("*"):
        if not path.is_file() or path.name == LIST:
            continue
        address = path.relative_to(written).as_posix()
        answer = client.get(f"/{address}")
        assert answer.status_code == 200, address
        assert answer.content == path.read_bytes(), address
        assert HEADERS.items() <= dict(answer.headers.items()).items() or all(
            answer.headers[name] == value for name, value in HEADERS.items()
        )
        n_files += 1
    assert n_files > 100
    assert client.get("/").content == (written / "index.html").read_bytes()
    assert client.get("/component/c-1").content == (written / "component" / "c-1.html").read_bytes()


def test_policy_is_strict(client: TestClient) -> None:
    """No script, no inline style, no frame, no form, no other origin."""
    policy = client.get("/").headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy


@pytest.mark.parametrize("address", [
    "/nobody.html", "/item/nobody", "/../pyproject.toml", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd",
    "/item/..%2f..%2fcase.toml", "/case.toml", "/.taggant/ledger.sqlite", "/assets/", "/assets/fonts", "//etc/passwd",
    "/assets/fonts/..%2f..%2fsite.py", "/item/\u0447.html", "/index.html%00", "/INDEX.HTML", "/files.json",
    f"/component/{file_stem('c-red-' + CANARY)}.html", "/docs", "/openapi.json", "/<script>alert(1)</script>",
])  # fmt: skip
def test_what_is_no_page_is_not_found(client: TestClient, address: str) -> None:
    """A page that says so, with the headers of all others, and without what was asked for in it."""
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    assert "There is no such page" in answer.text
    assert "alert(1)" not in answer.text
    assert 'href="/index.html"' in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_pages_can_only_be_read(client: TestClient, method: str) -> None:
    """Any other method: 405, with the policy."""
    answer = client.request(method, "/index.html")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert "content-security-policy" in answer.headers


def test_head_says_what_get_would(client: TestClient) -> None:
    """HEAD has the headers of GET, its length among them, and nothing more."""
    got, head = client.get("/when-made.html"), client.head("/when-made.html")
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-length", "content-type", "etag", "content-security-policy"):
        assert head.headers[name] == got.headers[name]


def test_unchanged_pages_are_not_sent_again(client: TestClient) -> None:
    """The tag of the bytes: 304 while they are the same."""
    tag = client.get("/index.html").headers["etag"]
    answer = client.get("/index.html", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert client.get("/index.html", headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.7:8000", "", "[::2]:8000"])
def test_another_host_name_is_refused(client: TestClient, host: str) -> None:
    """A name of the web that points here (DNS rebinding) reads nothing."""
    answer = client.get("/index.html", headers={"Host": host})
    assert answer.status_code == 421
    assert "Sparrow" not in answer.text


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "LOCALHOST"])
def test_names_of_this_machine_are_served(client: TestClient, host: str) -> None:
    """The ways a browser on this machine names it."""
    assert client.get("/index.html", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "example.org", ""])
def test_only_loopback_is_bound(host: str) -> None:
    """Any other address is refused with the reason."""
    with pytest.raises(InputError, match="Accounts and roles are not built yet"):
        check_host(host)


def test_a_changed_case_is_served_anew(tmp_path: Path) -> None:
    """A commit made while the server runs shows on the next request; an unchanged ledger computes nothing again."""
    folder = make_case(tmp_path / "case")
    served = ServedCase(folder, level="CLEAR")
    with _client(served) as opened:
        assert "a field" in opened.get("/incident/find-1.html").text
        before = served.site()
        assert served.site() is before
        table = folder / "incidents.csv"
        table.write_text(table.read_text(encoding="utf-8").replace("a field", "a meadow"), encoding="utf-8")
        with Ledger.open(folder) as ledger:
            import_case(ledger, folder, author="tester")
        page = opened.get("/incident/find-1.html").text
        assert "a meadow" in page
        assert "a field" in page  # in its history


def test_a_broken_case_is_said_without_a_page(tmp_path: Path) -> None:
    """A folder that is no case: 503 and the error in words, no traceback."""
    with _client(ServedCase(tmp_path)) as opened:
        answer = opened.get("/")
    assert answer.status_code == 503
    assert "Traceback" not in answer.text
    assert answer.headers["content-type"].startswith("text/plain")
