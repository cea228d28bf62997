"""Trace requests: a pack ready to send, about an item or a component of a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    from taggant.run import Run
    from taggant.tracing.requests import TraceRequest

_PHOTO_MOST = 40_000_000  # bytes


def request(
    case: Annotated[Path, typer.Argument(help="The case folder.")],
    thing: Annotated[str, typer.Argument(help="The item or component asked about.")],
    to: Annotated[str, typer.Option("--to", help="Whom the letter is to.")],
    out: Annotated[Path, typer.Option(help="A new folder for the pack.", metavar="FOLDER")],
    request_id: Annotated[str | None, typer.Option("--id", help="Name of the request.")] = None,
    on: Annotated[str | None, typer.Option("--on", help="The day of the letter; today.", metavar="DAY")] = None,
    language: Annotated[
        list[str] | None, typer.Option("--language", help="en, uk; may be given twice; both when left out.")
    ] = None,
    signed: Annotated[str, typer.Option(help="Who signs.")] = "",
    tlp: Annotated[
        str | None, typer.Option(help="The highest TLP level the letter shows; the case's own when left out.")
    ] = None,
) -> None:
    """Write a trace request: letter (PDF, DOCX), marks, custody, questions, photographs, the row of the register."""
    from datetime import UTC, date, datetime

    from taggant.evidence.casefile import read_case_toml
    from taggant.tracing.requests import LANGUAGES, letter_words, write_pack

    day = datetime.now(UTC).date() if on is None else date.fromisoformat(on)
    languages = tuple(language or LANGUAGES)
    for one in languages:
        letter_words(one)
    level = read_case_toml(case / "case.toml").tlp if tlp is None else tlp.upper()
    asked = _request(case, thing, to, request_id, day, signed, level=level)
    written = write_pack(asked, out, languages=languages)
    for path in written:
        typer.echo(str(path))
    typer.echo(f"Read it before it goes out; then put the row of {out / 'register.csv'} into requests.csv")


def _request(
    case: Path, thing: str, to: str, request_id: str | None, day: date, signed: str, *, level: str
) -> TraceRequest:
    from taggant.run import run
    from taggant.web.casebook import case_at_level

    also = ("item", "component", "marking", "photo", "incident", "request", "exhibit")
    with case_at_level(case, level) as (shown, exhibits):
        done = run(shown, ["through-whose-hands"], also=also, exhibits=exhibits)
        return _asked(case, done, thing, to, request_id, day, signed, level=level)


def _asked(
    case: Path, done: Run, thing: str, to: str, request_id: str | None, day: date, signed: str, *, level: str
) -> TraceRequest:
    from taggant.errors import InputError, UnknownName
    from taggant.ledger.ledger import Ledger
    from taggant.tracing.requests import TraceRequest

    items = {r["item_id"]: r for r in done.table("item").collect().iter_rows(named=True)}
    components = {r["component_id"]: r for r in done.table("component").collect().iter_rows(named=True)}
    if thing not in items and thing not in components:
        with Ledger.open(case) as ledger:
            if any(ledger.get(table, thing) for table in ("item", "component")):
                raise InputError(
                    f"{thing} is above TLP:{level}, or rests on a row that is",
                    where=str(case),
                    so_what="No letter was written",
                    next="Ask who may release it; then give a higher --tlp, or lower its level",
                )
        raise UnknownName("item or component", thing, [*items, *components])
    component = components.get(thing)
    item = items.get(thing) or items.get(component["item_id"] if component else "") or {}
    chain = f"component:{thing}" if component is not None else f"item:{thing}"
    links = [r for r in done.table("custody_link").collect().sort("n").iter_rows(named=True) if r["chain"] == chain]
    marks = [
        r["text"] for r in done.table("marking").collect().iter_rows(named=True)
        if r["text"] and (r["component_id"] == thing or (component is None and r["item_id"] == thing))
    ]  # fmt: skip
    if component is not None and component["marking"]:
        marks.insert(0, component["marking"])
    taken = done.table("request").collect().height
    return TraceRequest(
        request_id=request_id or f"rq-{taken + 1}",
        to_party=to,
        thing=thing,
        on=day,
        facts=tuple((name, str(value)) for name, value in _facts(item, component) if value),
        marks=tuple(dict.fromkeys(marks)),
        custody=tuple((r["from_party"] or "", r["to_party"] or "", _span(r), r["shown_as"]) for r in links),
        photographs=tuple(_photographs(case, done, thing)),
        signed=signed,
    )


def _facts(item: Mapping[str, Any], component: Mapping[str, Any] | None) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [("kind", item.get("kind")), ("designation", item.get("designation"))]
    if component is not None:
        facts = [("kind", component["function"]), ("designation", component["part_number_stated"])]
    return [*facts, ("serial", item.get("serial_as_marked")), ("recovered", item.get("recovered"))]


def _span(link: Mapping[str, Any]) -> str:
    from datetime import timedelta

    first, until = link["on_from"], link["on_until"]
    last = None if until is None else until - timedelta(days=1)
    if first == last:
        return str(first or "")
    return f"{first or '…'} – {last or '…'}"


def _photographs(case: Path, done: Run, thing: str) -> list[tuple[str, bytes]]:
    """The pictures of it, bare: no camera data, no place, no preview goes out with them."""
    import tempfile

    from taggant.errors import InputError
    from taggant.evidence.image_reading import stripped

    shown = set(done.table("exhibit").collect()["file"])
    found = []
    for row in done.table("photo").collect().to_dicts():
        if thing not in (row["item_id"], row["component_id"]) or row["file"] not in shown:
            continue
        path = (case / row["file"]).resolve()
        if not path.is_relative_to(case.resolve()) or not path.is_file() or path.stat().st_size > _PHOTO_MOST:
            continue
        with tempfile.TemporaryDirectory() as aside:
            bare = Path(aside, path.name)
            try:
                stripped(path, bare)
            except (OSError, SyntaxError, ValueError) as err:
                raise InputError(
                    f"the photograph cannot be opened, so its camera data cannot be taken out: {err}",
                    where=row["file"],
                    so_what="No letter was written",
                    next="Save it again as JPEG or PNG, or take its row out of photos.csv",
                ) from err
            found.append((path.name, bare.read_bytes()))
    return found


COMMANDS = (request,)
