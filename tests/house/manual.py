"""The manual as tests read it: its blocks in order, and how the commands in them are run.

Invariant: a block that looks like a session is run, unless the page says `not run:` right above it. Blocks of one page
share one folder, as a reader's do.
"""

from __future__ import annotations

import io
import os
import re
import shlex
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from taggant.cli import main

REPO = Path(__file__).resolve().parents[2]
DOCS = REPO / "docs"
COLUMNS = "100"
ANY = "…"
"""In a shown line: any text. A line of its own: any number of lines."""

_FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<info>[^\n]*)\n(?P<body>.*?)^(?P=ticks)\s*$", re.DOTALL | re.MULTILINE)
_NOT_RUN = re.compile(r"<!-- not run: .+? -->\s*$")
_CAPTION = re.compile(r"^:caption: (\S+)\s*\n+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block: `console` (commands with their output), `python` (a doctest), or `file` (to be written)."""

    kind: str
    body: str
    line: int
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One command as shown, and the lines shown under it."""

    command: str
    shown: tuple[str, ...]


def pages(*folders: str) -> list[Path]:
    """The hand-written pages in these folders of the manual; all when none is named."""
    wanted = folders or ("tutorials", "how-to", "explanation", "reference", "decisions")
    found = [p for folder in wanted for p in sorted((DOCS / folder).glob("*.md"))]
    return [DOCS / "index.md", *found] if not folders else found


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a page that are run or written, in order."""
    for match in _FENCE.finditer(text):
        info, body = match["info"].strip(), match["body"]
        line = text.count("\n", 0, match.start()) + 1
        if _NOT_RUN.search(text[: match.start()]):
            continue
        if info == "console":
            yield Block(kind="console", body=body, line=line)
        elif info == "python" and ">>>" in body:
            yield Block(kind="python", body=body, line=line)
        elif info.startswith("{code-block}") and (caption := _CAPTION.match(body)):
            yield Block(kind="file", body=body[caption.end() :], line=line, path=caption[1])


def exchanges(body: str) -> Iterator[Exchange]:
    """The commands of a console block, each with what is shown under it."""
    command: str | None = None
    shown: list[str] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield Exchange(command, tuple(shown))
            command, shown = line[2:], []
        else:
            shown.append(line)
    if command is not None:
        yield Exchange(command, tuple(shown))


class Terminal:
    """Runs shown commands in one folder: `taggant …` in this process, `make …` by what the Makefile says it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.exit_code = 0
        self._says = {"COLUMNS": COLUMNS, "TERMINAL_WIDTH": COLUMNS, "TAGGANT_AUTHOR": "ana"}

    def run(self, command: str) -> list[str]:
        """Give the lines the command prints; its exit code is kept for `echo $?`."""
        words = shlex.split(command)
        if words == ["echo", "$?"]:
            return [str(self.exit_code)]
        if words[0] == "make":
            words = recipe(words[1])
        if words[0] != "taggant":
            raise AssertionError(f"the manual shows a command that cannot be tested: {command}")
        said = io.StringIO()
        self.exit_code = 0
        nobody = patch("sys.stdin", io.StringIO())  # who runs the manual types nothing
        with (
            chdir(self.folder),
            patch.dict(os.environ, self._says),
            redirect_stdout(said),
            redirect_stderr(said),
            nobody,
        ):
            try:
                main(words[1:])
            except SystemExit as stop:
                self.exit_code = stop.code if isinstance(stop.code, int) else 0
        return said.getvalue().splitlines()


def recipe(target: str) -> list[str]:
    """The one `taggant` command a make target runs."""
    found = re.search(rf"^{target}:[^\n]*\n\t@?\$\(TAGGANT\) ([^\n]+)$", (REPO / "Makefile").read_text(), re.MULTILINE)
    if found is None:
        raise AssertionError(f"make {target} runs no taggant command")
    return ["taggant", *shlex.split(found[1])]


def agrees(shown: tuple[str, ...] | list[str], printed: list[str]) -> bool:
    """Whether what is shown is what was printed, where `…` stands for anything; blank lines do not count."""
    want = [line.rstrip() for line in shown if line.strip()]
    have = [line.rstrip() for line in printed if line.strip()]
    pattern = ""
    for line in want:
        if line.strip() == ANY:
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += ".*?".join(re.escape(piece) for piece in line.split(ANY)) + r"\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in have)) is not None
