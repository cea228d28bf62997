"""How answers of the tools look at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from taggant.identification.decode import Candidate, Decoded


def print_decoded(decoded: Decoded) -> None:
    """Print what was read in a marking, best first, then what was refused."""
    console = Console()
    console.print(Text(decoded.text, style="bold"), Text(f"known by {decoded.known_by.isoformat()}", style="dim"))
    if decoded.candidates:
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for head in ("maker", "part", "code", "made", "why"):
            table.add_column(head, overflow="fold")
        for candidate in decoded.candidates:
            table.add_row(*(Text(cell) for cell in _cells(candidate)))
        console.print(table)
    for _, refusal in decoded.refusals:
        console.print(Text(f"not read: {refusal}", style="dim"))


def _cells(candidate: Candidate) -> tuple[str, str, str, str, str]:
    maker = candidate.cue.maker.name if candidate.cue else ""
    made, token = "", ""
    if candidate.reading is not None:
        token = candidate.reading.token.text
        made = "\n".join(f"{a or '…'} to before {b or '…'}" for a, b in (r.iso() for r in candidate.reading.ranges))
    return maker, candidate.part_number or "", token, made, "\n".join(candidate.reasons)
