"""Production from serial numbers, as a tool on its own: no case needed."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

_MOST_DIGITS = 15

if TYPE_CHECKING:
    from taggant.model.finding import Finding
    from taggant.model.result import LeftOut
    from taggant.statistics.serial_runs import Prior, Start


class StartOption(StrEnum):
    """Where numbers begin."""

    any = "any"
    positive = "positive"
    round = "round"
    one = "1"


class PriorOption(StrEnum):
    """What a run of N numbers weighs before anything is seen."""

    reciprocal = "1/N"
    flat = "flat"
    square = "1/N2"


def serials(
    words: Annotated[
        list[str] | None, typer.Argument(help="Serial numbers of one run, prefixes removed.", metavar="N...")
    ] = None,
    start: Annotated[
        StartOption,
        typer.Option(help="Where numbers begin: at some number from 1 on, at 1, half and half, or anywhere."),
    ] = StartOption.positive,
    prior: Annotated[
        PriorOption, typer.Option(help="What a run of N numbers weighs before anything is seen.")
    ] = PriorOption.reciprocal,
    most: Annotated[
        int | None, typer.Option("--max", min=1, help="Capacity: no run is longer than this.", metavar="N")
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(help="A table instead: serial, and if known incident and read_quality; a row an item."),
    ] = None,
    prefix: Annotated[
        str | None, typer.Option(help="Which run of the table, where it holds serials of several.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw the belief in each length, as .svg or .png.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """How many were made, from serial numbers seen? An interval, what it assumes, and what would move it."""
    from taggant.estimation.serials import serials_finding
    from taggant.model.canonical import digest
    from taggant.report.phrases import say

    numbers, n_independent, left = _given(words, csv, prefix)
    found = serials_finding(
        numbers, start=start.value, prior=prior.value, n_max=most, n_independent=n_independent, left_out=left
    )
    if plot is not None:
        _draw(plot, numbers, found, start.value, prior.value, most, n_independent)
    body = found.as_json()
    statement = found.statement
    sentence = say(statement, {name: value.as_json() for name, value in found.values.items()})  # type: ignore[misc]
    if as_json:
        said = {"text": {"en": sentence.text}, "commit": None, "inputs": [f"sha256:{digest(list(numbers))}"]}
        typer.echo(json.dumps(body | said, ensure_ascii=False, indent=2))
        return
    print_finding(found, sentence.text)


def _given(
    words: list[str] | None, csv: Path | None, prefix: str | None
) -> tuple[list[int], int | None, tuple[LeftOut, ...]]:
    """The numbers, from the command or from a table; how many incidents they come from; what is left out."""
    from taggant.errors import InputError

    if csv is None:
        if prefix is not None:
            raise InputError("--prefix is for --csv", next="Leave letters out of the numbers, or give a table")
        return _numbers(words or []), None, ()
    if words:
        raise InputError("numbers and --csv are both given", next="Give one of the two")
    from taggant.cli.serial_table import read_serial_table

    read = read_serial_table(csv, prefix)
    return list(read.numbers), read.n_incidents, read.left_out


def _draw(
    plot: Path,
    numbers: list[int],
    found: Finding,
    start: Start,
    prior: Prior,
    most: int | None,
    few: int | None,
) -> None:
    """Write the belief in each length as a picture; what was left out of the answer is left out here."""
    from taggant.errors import InputError
    from taggant.report.serial_chart import write_serial_chart

    if found.result.headline is None:
        raise InputError(
            f"there is no answer to draw: {found.result.refused.why if found.result.refused else ''}",
            so_what=f"{plot.name} was not written", next="Give more serials of the same run",
        )  # fmt: skip
    write_serial_chart(plot, numbers, found, start=start, prior=prior, n_max=most, n_independent=few)


def _numbers(words: list[str]) -> list[int]:
    """Read whole numbers; the first word that is none is named, with what it seems to be."""
    from taggant.errors import InputError
    from taggant.writing.serial_letters import normalise_serial, split_serial

    if not words:
        raise InputError(
            "no serial number is given",
            so_what="Nothing was computed",
            next="Give at least three: taggant serials 19 40 42 60",
        )
    found = []
    for at, word in enumerate(words, start=1):
        text = word.strip().replace("\u2212", "-")
        if text.removeprefix("-").removeprefix("+").isdecimal() and text[:1] + text[1:].lstrip("+-") == text:
            if len(text) > _MOST_DIGITS:
                raise InputError(
                    f"{word[:20]}… has {len(text)} digits", where=f"number {at}", so_what="No run is so long",
                    next="Give the number alone, without what stands before it",
                )  # fmt: skip
            found.append(int(text))
            continue
        if text.startswith("--"):
            raise InputError(f"no option is named {text}", next="See taggant serials --help")
        shape = split_serial(normalise_serial(text)) if text else None
        hint = f"Leave the letters out: {shape[1]}" if shape and shape[0] else "Give whole numbers: 19 40 42 60"
        raise InputError(
            f"{word!r} is not a whole number", where=f"number {at}", so_what="Nothing was computed", next=hint
        )
    return found


def print_finding(found: Finding, sentence: str) -> None:
    """Print the answer of a tool: the sentence, its numbers, what would move them, what it assumes."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    result = found.result
    console.print(Text(sentence, style="bold"))
    if result.refused is not None:
        console.print(Text(f"{result.refused.why}. Enough would be: {result.refused.enough}."))
        return

    def table(*heads: str) -> Table:
        new = Table(box=SIMPLE_HEAD, pad_edge=False)
        for head in heads:
            new.add_column(head, justify="left" if head == "otherwise" else "right", overflow="fold")
        return new

    quantiles = result.quantiles or {}
    if quantiles:
        rest = {"mean": result.mean, "sd": result.sd} if result.mean is not None else {}
        head = table(*quantiles, *rest)
        head.add_row(*(_short(v) for v in (*quantiles.values(), *rest.values())))
        console.print(head)
    others = table("otherwise", "from", "to")
    for change in result.sensitivity:
        others.add_row(Text(change.change), _short(change.low), _short(change.high))
    for beside in result.beside:
        point = "" if beside.point is None else f" {_short(beside.point)}"
        others.add_row(Text(f"method {beside.method}{point}"), _short(beside.low), _short(beside.high))
    console.print(others)
    for a in result.assumptions:
        console.print(Text(f"{a.status:11} {a.text} ({a.why})"))
    for d in result.diagnostics:
        console.print(Text(f"{'check':11} {d.name}: {_short(d.value)}; {d.reading}"))
    given = ", ".join(f"{name} {value}" for name, value in result.parameters.items() if value is not None)
    console.print(Text(f"{'method':11} {result.method}: {given}"))
    for left in result.left_out:
        console.print(Text(f"{'left out':11} {left.n}: {left.why}"))


def _short(value: object) -> str:
    if value is None:
        return "—"
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


COMMANDS = (serials,)
NEGATIVE = True
"""A word after it may begin with a minus."""
