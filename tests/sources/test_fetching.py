"""Lists fetched from a server on this machine, and taken into a case."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from taggant.cli import main
from taggant.errors import InputError
from taggant.sources.fetching import fetch

BODY = ("name,country\n" + "".join(f"Firm number {n},RU\n" for n in range(20_000))).encode()


class Server(BaseHTTPRequestHandler):
    """Gives one file, with ETag and ranges; can break off in the middle once."""

    etag: ClassVar[str] = '"v1"'
    breaks: ClassVar[bool] = False
    asked: ClassVar[list[dict[str, str | None]]] = []

    def do_GET(self) -> None:
        """Answer as a publisher's server does."""
        Server.asked.append({k: self.headers.get(k) for k in ("Range", "If-None-Match", "If-Range")})
        if self.path != "/list.csv":
            self.send_error(404)
            return
        if self.headers.get("If-None-Match") == Server.etag:
            self.send_response(304)
            self.end_headers()
            return
        start = 0
        span = self.headers.get("Range")
        if span is not None and self.headers.get("If-Range") == Server.etag:
            start = int(span.removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if start else 200)
        self.send_header("ETag", Server.etag)
        self.send_header("Content-Length", str(len(BODY) - start))
        self.end_headers()
        if Server.breaks:
            Server.breaks = False
            self.wfile.write(BODY[start : start + 100_000])
            self.wfile.flush()
            self.connection.close()
            return
        self.wfile.write(BODY[start:])

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    """A server on this machine."""
    Server.etag, Server.breaks, Server.asked = '"v1"', False, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_download_that_broke_off_goes_on(address: str, tmp_path: Path) -> None:
    """Half a file is never a list; the rest is asked for of the same version only."""
    Server.breaks = True
    with pytest.raises(InputError, match="bytes are kept"):
        fetch(f"{address}/list.csv", tmp_path)
    assert not (tmp_path / "list.csv").exists()
    kept = (tmp_path / "list.csv.part").stat().st_size
    assert 0 < kept < len(BODY)
    seen: list[int] = []
    done = fetch(f"{address}/list.csv", tmp_path, progress=lambda _what, n, _of: seen.append(n))
    assert (done.resumed_from, done.is_new) == (kept, True)
    assert (tmp_path / "list.csv").read_bytes() == BODY
    assert seen[-1] == len(BODY)


def test_what_has_not_changed_is_not_fetched_again(address: str, tmp_path: Path) -> None:
    """The ETag is asked; a new version is fetched whole."""
    assert fetch(f"{address}/list.csv", tmp_path).is_new
    assert not fetch(f"{address}/list.csv", tmp_path).is_new
    assert Server.asked[-1]["If-None-Match"] == '"v1"'
    Server.etag = '"v2"'
    assert fetch(f"{address}/list.csv", tmp_path).is_new


def test_a_page_that_is_gone_says_what_to_do(address: str, tmp_path: Path) -> None:
    """The publisher moved it."""
    with pytest.raises(InputError, match="404") as caught:
        fetch(f"{address}/gone.csv", tmp_path)
    assert "taggant lists add" in str(caught.value)


def run(*words: str) -> int:
    """The command's exit code."""
    with pytest.raises(SystemExit) as stop:
        main(list(words))
    assert isinstance(stop.value.code, int)
    return stop.value.code


def test_lists_of_a_case(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Fetched, added, refused when it collapses; each version an exhibit with its history; asked by the question."""
    case = str(tmp_path / "case")
    assert run("new", case) == 0
    assert run("lists", "fetch", case, f"{address}/list.csv", "--on", "2023-06-29", "--author", "ana") == 0
    newer = tmp_path / "list.csv"
    newer.write_bytes(BODY + b"Lantern Trading,XF\n")
    assert run("lists", "add", case, str(newer), "--on", "2024-05-03", "--author", "ana") == 0
    short = tmp_path / "short" / "list.csv"
    short.parent.mkdir()
    short.write_bytes(BODY[:5000])
    capsys.readouterr()
    assert run("lists", "add", case, str(short), "--on", "2024-06-01", "--author", "ana") == 2
    assert "where the version held before has 20,001" in capsys.readouterr().err
    assert run("lists", "status", case, "--json") == 0
    held = json.loads(capsys.readouterr().out)
    assert [(h["version_on"], h["n_entries"]) for h in held] == [("2023-06-29", 20_000), ("2024-05-03", 20_001)]
    (tmp_path / "case" / "sources.csv").write_text("source_id,title\ns,S\n", encoding="utf-8")
    parties = "party_id,name,source_id\nlantern,LANTERN TRADING LTD,s\n"
    (tmp_path / "case" / "parties.csv").write_text(parties, encoding="utf-8")
    assert run("run", case, "through-whose-hands", "--author", "ana") == 0
    capsys.readouterr()
    assert run("show", case, "through-whose-hands", "--json") == 0
    findings = json.loads(capsys.readouterr().out)
    listed = next(f for f in findings if f["subject"].get("party_id") == "lantern")
    assert listed["statement"]["values"]["listed_from"]["value"] == "2024-05-03"
