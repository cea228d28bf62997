"""Tracing outwards from one part or party: who lies within so many changes of hands."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taggant.report.expanding import Expansion

_COLUMNS = ("step", "from_party", "from_party_id", "to_party", "to_party_id", "what", "on_from", "on_until", "shown_as",
            "kind", "chain", "item_id", "component_id", "transfer_id", "shipment_id", "source_id")  # fmt: skip
_FEW = 3  # goods named on one line; the table has all
_SHOWN = ("step", "from", "to", "what", "when", "seen", "inferred")


def trace(
    case: Annotated[Path, typer.Argument(help="The case folder.")],
    start: Annotated[str, typer.Argument(help="A party (name or id), an item or a component.")],
    steps: Annotated[int, typer.Option(help="How many changes of hands away.", min=1, max=20)] = 2,
    out: Annotated[
        Path | None, typer.Option(help="A folder for the graph (SVG, JSON) and its table (CSV).", metavar="FOLDER")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """Follow hands outwards from one part or party: who gave it to whom, step by step, and what is said of each."""
    from taggant.report.expanding import expand
    from taggant.run import run

    done = run(case, ["through-whose-hands"], also=("party", "item", "component"))
    links = done.table("trade_link").collect().to_dicts()
    parties = {r["party_id"]: r for r in done.table("party").collect().to_dicts()}
    items = {r["item_id"] for r in done.table("item").collect().to_dicts()}
    components = {r["component_id"]: r["item_id"] for r in done.table("component").collect().to_dicts()}
    item_of = components.get(start)
    is_through_item = item_of is not None and not any(r["component_id"] == start for r in links)
    found = expand(links, item_of if is_through_item and item_of else start, steps=steps, parties=parties,
                   things=(*items, *components))  # fmt: skip
    note = f"no change of hands names component {start}; this is of its item {item_of}" if is_through_item else None
    events = [e for e in done.table("party_event").collect().to_dicts() if e["party_id"] == found.start]
    if out is not None:
        for path in _write(found, out):
            typer.echo(str(path), err=as_json)
    if as_json:
        body = found.as_json() | {"note": note, "events": events}
        typer.echo(json.dumps(body, ensure_ascii=False, indent=2, default=str))
        return
    _print(found, events, note)


def _print(found: Expansion, events: Sequence[Mapping[str, Any]], note: str | None) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from taggant.report.party_view import when_words
    from taggant.report.phrases import label

    console = Console(highlight=False)
    if note:
        console.print(Text(note, style="dim"))
    words = {n.name: n.words for n in found.nodes}
    if found.rows:
        shown = Table(box=SIMPLE_HEAD, pad_edge=False)
        for head in _SHOWN:
            shown.add_column(head, overflow="fold")
        for arrow in found.arrows:
            if arrow.of_thing:
                continue
            what = "; ".join(arrow.what[:_FEW]) + (f"; and {more} more" if (more := len(arrow.what) - _FEW) > 0 else "")
            when = when_words(arrow.first_on, arrow.last_until)
            cells = (str(arrow.step), words[arrow.one], words[arrow.other], what, when, str(arrow.n_observed),
                     str(arrow.n - arrow.n_observed))  # fmt: skip
            shown.add_row(*(Text(cell) for cell in cells))
        console.print(shown)
    else:
        console.print(Text(f"No change of hands and no shipment names {words[found.start]}."))
    if events:
        console.print(Text(f"{words[found.start]}, over time", style="bold"))
        for event in events:
            console.print(
                Text(f"  {when_words(event['on_from'], event['on_until']):<24} {event['event']}: {event['words']}")
            )
    if found.n_beyond:
        console.print(Text(f"{found.n_beyond} more lead on from the last step: --steps {found.steps + 1}", style="dim"))
    console.print(Text(label("no-inference"), style="dim"))


def _write(found: Expansion, folder: Path) -> list[Path]:
    from taggant.report.expanding_chart import drawn, expansion_svg
    from taggant.report.phrases import label

    folder.mkdir(parents=True, exist_ok=True)
    small, n_left = drawn(found)
    left = label("chart-around-left", {"n": n_left}) if n_left else ""
    desc = f"{label('chart-around-desc')} {left}".rstrip()
    layers = [label("layer-start"), *(label("layer-n", {"n": n}) for n in range(1, found.steps + 1))]
    start = next(n.words for n in found.nodes if n.name == found.start)
    svg = expansion_svg(small, title=label("chart-around-title", {"start": start}), desc=desc, layers=layers)
    table = io.StringIO()
    writer = csv.DictWriter(table, _COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(found.rows)
    bodies = {
        "trace.svg": svg,
        "trace.csv": table.getvalue(),
        "trace.json": json.dumps(found.as_json(), ensure_ascii=False, indent=2, default=str) + "\n",
    }
    written = []
    for name, body in bodies.items():
        path = folder / name
        path.write_text(body, encoding="utf-8")
        written.append(path)
    return written


COMMANDS = (trace,)
