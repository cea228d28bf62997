"""Cards of suggestions at a terminal: one at a time, with its evidence; keys read from a keyboard or from a pipe.

Invariant: each decision is on disk before the next card is shown.
"""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import typer
from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from taggant.errors import InputError
from taggant.evidence.judging import Decision, Suggestion, decide, evidence_of, take_back

if TYPE_CHECKING:
    from taggant.ledger.ledger import Ledger
    from taggant.model.record import Body

HELP = """y  yes, it is right          n  no, it is not
e  no, this holds instead    u  unsure: looked at, cannot be told
s  skip, ask again later     z  take the last decision back
?  these keys                q  stop; what was decided is kept"""

_VERDICTS = {"y": "confirm", "n": "reject", "e": "replace", "u": "unsure"}
_OTHER = "sz?q"
_REASON = " -- "
_HIDDEN = frozenset({"tlp", "note", "source_id", "item_id", "component_id", "exhibit_id"})
_MOST = 160


@dataclass(frozen=True, slots=True)
class Answer:
    """One key, with what was typed after it."""

    key: str
    value: str | None = None
    why: str | None = None


class Keys(Protocol):
    """Where keys come from."""

    def next(self, suggestion: Suggestion) -> Answer | None:
        """Give the next answer; None: there are no more."""


class Keyboard:
    """One key press an answer; what has to be said with it is asked for."""

    def next(self, suggestion: Suggestion) -> Answer | None:
        """Wait for a key."""
        typer.echo("  y n e u s z ? q  ", nl=False)
        key = typer.getchar().lower() if sys.stdin.isatty() else ""
        typer.echo(key)
        if key in ("\x03", "\x04", ""):
            return Answer("q")
        value = typer.prompt(f"  {suggestion.kind.replaced_by}") if key == "e" else None
        why = (
            typer.prompt("  why (Enter: no reason)", default="", show_default=False) if key in ("n", "e", "u") else None
        )
        return Answer(key, value, why or None)


class Lines:
    """Answers from a pipe: a key a line, ``n reason``, ``e value -- reason``; or several keys in one line: ``yynq``."""

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read
        self._waiting: deque[Answer] = deque()

    def next(self, suggestion: Suggestion) -> Answer | None:  # noqa: ARG002 - as `Keyboard`
        """Read on; an ``e`` alone takes the next line as its value."""
        while not self._waiting:
            line = self._read()
            if not line:
                return None
            text = line.strip()
            if not text:
                continue
            key, _, rest = text.partition(" ")
            if len(key) > 1 and not rest and set(key.lower()) <= set("ynus?zq"):
                self._waiting.extend(Answer(k) for k in key.lower())
            else:
                self._waiting.append(self._one(key.lower(), rest.strip()))
        return self._waiting.popleft()

    def _one(self, key: str, rest: str) -> Answer:
        if key != "e":
            return Answer(key, None, rest.removeprefix(_REASON.strip()).strip() or None)
        value, _, why = (rest or self._read().strip()).partition(_REASON)
        return Answer(key, value.strip(), why.strip() or None)


@dataclass(slots=True)
class Tally:
    """What a sitting did."""

    n: dict[str, int] = field(default_factory=dict)
    n_taken_back: int = 0
    n_left: int = 0

    @property
    def words(self) -> str:
        """In one line."""
        said = [f"{n} {verdict}" for verdict, n in self.n.items() if n]
        if self.n_taken_back:
            said.append(f"{self.n_taken_back} taken back")
        return f"decided: {', '.join(said) or 'nothing'}; {self.n_left:,} left"


def review_cards(ledger: Ledger, some: Sequence[Suggestion], *, author: str, keys: Keys, console: Console) -> Tally:
    """Show each suggestion and keep what the person decides, until there are no more cards or keys."""
    done: list[tuple[int, Decision]] = []
    tally = Tally()
    at, is_new = 0, True
    while at < len(some):
        suggestion = some[at]
        if is_new:
            show_card(console, suggestion, evidence_of(ledger, suggestion), n=at + 1, of=len(some))
        answer = keys.next(suggestion)
        if answer is None or answer.key == "q":
            break
        is_new = True
        if answer.key in _VERDICTS:
            verdict = _VERDICTS[answer.key]
            try:
                kept = decide(ledger, suggestion, verdict, author=author, value=answer.value, why=answer.why)
            except InputError as err:
                console.print(Text(f"  {err}", style="red"))
                if isinstance(keys, Lines):
                    raise
                is_new = False
                continue
            tally.n[verdict] = tally.n.get(verdict, 0) + 1
            done.append((at, kept))
            console.print(Text(f"  {verdict}: {suggestion.name}", style="green"))
            at += 1
        elif answer.key == "s":
            at += 1
        elif answer.key == "z" and done:
            at, last = done.pop()
            take_back(ledger, last, author=author)
            tally.n[last.verdict] -= 1
            tally.n_taken_back += 1
            console.print(Text(f"  taken back: {last.verdict} of {last.suggestion.name}", style="yellow"))
        else:
            if answer.key == "z":
                console.print(Text("  nothing was decided in this sitting", style="yellow"))
            elif answer.key != "?":
                console.print(Text(f"  {answer.key!r} is no key", style="yellow"))
            console.print(Text(HELP, style="dim"))
            is_new = False
    tally.n_left = len(some) - sum(tally.n.values())
    return tally


def show_card(
    console: Console, suggestion: Suggestion, evidence: Sequence[tuple[str, str, Body]], *, n: int, of: int
) -> None:
    """Print one card: the question, what is proposed and how it came about, then the rows it rests on."""
    kind = suggestion.kind
    console.print(Rule(Text(f"{suggestion.name}   {n:,} of {of:,}", style="bold"), align="left", style="dim"))
    console.print(Text(f"{kind.asks}  ", style="bold"), Text(suggestion.proposes, style="bold cyan"), sep="", end="\n")
    if suggestion.state == "changed":
        console.print(Text("  it was judged before, and the machine now proposes something else", style="yellow"))
    elif suggestion.state != "unjudged":
        why = f" — {suggestion.why}" if suggestion.why else ""
        said = f" {suggestion.value}" if suggestion.value else ""
        console.print(Text(f"  {suggestion.state}{said} by {suggestion.by}{why}", style="yellow"))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 2))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for column in kind.show:
        values = list(dict.fromkeys(t for r in suggestion.rows if (t := _text(r.get(column)))))
        if values:
            table.add_row(column, _marked(" | ".join(values)))
    for name, key, body in evidence:
        cells = [f"{c}: {_text(v)}" for c, v in body.items() if c not in _HIDDEN and c not in kind.show and _text(v)]
        table.add_row(f"{name} {key}", Text(_cut("; ".join(cells))))
    console.print(table)


def _marked(text: str) -> Text:
    """The text, with what stands between ⟦ and ⟧ in bold: the words a claim was read from."""
    done = Text()
    for n, part in enumerate(re.split(r"[⟦⟧]", text)):
        done.append(f"⟦{part}⟧" if n % 2 else part, style="bold reverse" if n % 2 else "")
    return done


def _text(value: object) -> str:
    if value is None:
        return ""
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= 4 * _MOST else f"{text[: 4 * _MOST]}…"
