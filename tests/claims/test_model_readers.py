"""A model of the user's own: a small server on this machine answers; what it makes up is thrown away and said."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from taggant.claims.documents import read_document
from taggant.claims.model_readers import by_rules, reader_of
from taggant.cli import main
from taggant.errors import InputError

TEXT = "The works made 300 Kestrel-2 drones in 2024, the ministry said.\n\nIt rained."
GOOD = {
    "quote": "The works made 300 Kestrel-2 drones in 2024", "speaker": "the ministry", "via": ["the ministry"],
    "topic": "production.made", "scope": "Kestrel-2", "stance": "assert", "quantity_low": 300, "quantity_high": 300,
    "unit": "units", "measure": "total", "per": None, "period": "2024", "hedged": False,
}  # fmt: skip


@contextmanager
def endpoint(claims: Any, *, status: int = 200, asked: list[dict[str, Any]] | None = None) -> Iterator[str]:
    """An endpoint that answers these claims, on a port of this machine."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if asked is not None:
                asked.append({"path": self.path, "key": self.headers.get("Authorization"), **body})
            content = claims if isinstance(claims, str) else "```json\n" + json.dumps({"claims": claims}) + "\n```"
            answer = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """A text of two paragraphs."""
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_words_that_do_not_stand_in_the_text_are_thrown_away(article: Path) -> None:
    """One claim is quoted letter for letter; one is made up, one has an unknown topic, one a number that is none."""
    bad = [
        GOOD | {"quote": "The works made 300 Kestrel-2 drones in the year 2024"},
        GOOD | {"topic": "weather"},
        GOOD | {"quantity_low": "many"},
    ]
    asked: list[dict[str, Any]] = []
    with endpoint([GOOD, *bad], asked=asked) as url:
        reading = reader_of(url, name="m", key="k")(read_document(article), None)
    assert [c.quote for c in reading.claims] == [GOOD["quote"]]
    assert TEXT[slice(*reading.claims[0].span)] == GOOD["quote"]
    assert len(reading.thrown_away) == 3
    assert "do not stand in the text" in reading.thrown_away[0]
    assert [(a["path"], a["key"], a["model"]) for a in asked] == [("/v1/chat/completions", "Bearer k", "m")]


def test_a_speaker_the_text_does_not_name_is_nobody(article: Path) -> None:
    """A model may not name a person."""
    with endpoint([GOOD | {"speaker": "Ivan Petrov", "via": ["Ivan Petrov"]}]) as url:
        (claim,) = reader_of(url, name="m")(read_document(article), None).claims
    assert (claim.speaker, claim.via) == (None, ())


@pytest.mark.parametrize(("answer", "status", "words"), [("no json at all", 200, None), ("x", 500, "answers 500"),
                                                         ("x", 302, "answers 302")])  # fmt: skip
def test_an_endpoint_that_answers_badly(article: Path, answer: str, status: int, words: str | None) -> None:
    """No JSON gives no claim; an error, and a redirect elsewhere, stop with what the endpoint said."""
    with endpoint(answer, status=status) as url:
        read = reader_of(url, name="m")
        if words is None:
            assert read(read_document(article), None).claims == ()
        else:
            with pytest.raises(InputError, match=words):
                read(read_document(article), None)


def test_what_cannot_be_meant_is_refused(tmp_path: Path) -> None:
    """An endpoint without a model, no folder, and an endpoint that is not there."""
    assert reader_of(None) is by_rules
    with pytest.raises(InputError, match="asked for no model"):
        reader_of("http://127.0.0.1:9/v1")
    with pytest.raises(InputError, match="no folder"):
        reader_of(str(tmp_path / "none"))
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(InputError, match="does not answer"):
        reader_of("http://127.0.0.1:9/v1", name="m")(read_document(tmp_path / "a.txt"), None)


def test_a_spacy_folder_without_spacy_says_how_to_go_on(tmp_path: Path) -> None:
    """The part is the user's own; without it the message names the step."""
    words = "holds no spaCy model" if find_spec("spacy") else "spaCy is not installed"
    with pytest.raises(InputError, match=words):
        reader_of(str(tmp_path))


def test_the_command_says_what_was_thrown_away(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One claim printed; one counted on the other stream."""
    with endpoint([GOOD, GOOD | {"quote": "made up"}]) as url, pytest.raises(SystemExit) as ended:
        main(["read", str(article), "--model", url, "--model-name", "m", "--json"])
    out, err = capsys.readouterr()
    assert ended.value.code in (0, None)
    assert [c["quote"] for c in json.loads(out)] == [GOOD["quote"]]
    assert "1 suggested by the model and thrown away" in err
