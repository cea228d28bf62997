"""An invented case for the tests of this room: three launch frames "Kestrel" that never existed, and their marks.

The marks follow date-code rules that makers document (TI `YMLLLLS`, Microchip `YYWWNNN`, Vishay `P` + `YWW`, Atmel
`YYWW`), so the spans are what a decoder would give; parts, items, sources and addresses are made up.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from taggant.model.derived_tables import DERIVED
from taggant.model.tables import frame_schema
from taggant.report.dossier import CaseView, Dossier
from taggant.report.site import Site
from taggant.report.site_folder import write_site

_TI = "https://example.org/listing"
D = date.fromisoformat

CASE = CaseView(
    title="Kestrel, an invented case",
    subject="Three frames that never existed",
    as_of=date(2026, 6, 30),
    commit="9f3a41c07be2d5586c21" + "0" * 44,
    n_exhibits_held=7,
    n_sources_cited=4,
)

_PARTS_CSV = """\
item,component,mark,token,state,spans,rule,status,tolerance,function,why
k-07,k7-1,TMS320F28335PGFA 17C76FW G4,17C76FW,dated,2021-07-01/2021-08-01,ti-ymlllls,documented,0,signal processor,
k-07,k7-2,VP230 18M A77R,18M,dated,2021-08-01/2021-09-01,ti-yms,documented,0,CAN transceiver,
k-07,k7-3,PIC18F2580 2015Q7K,2015Q7K,dated,2020-04-06/2020-04-13,microchip-yywwnnn,documented,7,microcontroller,
k-07,k7-4,ATMEGA64 1942 XK1,1942,dated,2019-10-14/2019-10-21,atmel-yyww,documented,7,microcontroller,
k-07,k7-5,IRFB P045XA,P045XA,ambiguous,2010-11-08/2010-11-15;2020-11-02/2020-11-09,vishay-yww,documented,7,transistor,
k-07,k7-6,PJ 2386,,undated,,,,0,diode,2386 has week 86; weeks are 01–53
k-07,k7-7,50M000000,,undated,,,,0,oscillator,no rule is known for this maker
k-07,k7-8,,,undated,,,,0,connector,no mark is stated
k-07,k7-9,,,undated,,,,0,connector,no mark is stated
k-12,k12-1,SN74LVC 2AATXTW,2AATXTW,dated,2022-10-01/2022-11-01,ti-ymlllls,documented,0,gate,
k-12,k12-2,LM2596 11C4KLE,11C4KLE,dated,2021-01-01/2021-02-01,ti-ymlllls,documented,0,regulator,
k-12,k12-3,MCP2551 2112A3B,2112A3B,dated,2021-03-15/2021-03-22,microchip-yywwnnn,documented,7,CAN transceiver,
k-12,k12-4,AD7606 #2043,#2043,dated,2020-10-19/2020-10-26,adi-yyww,inferred,7,converter,
k-19,k19-1,24FC512 2311V9W,2311V9W,dated,2023-03-13/2023-03-20,microchip-yywwnnn,documented,7,memory,
k-19,k19-2,ЮРК-3,,undated,,,,0,board,no rule is known for this maker
k-23,k23-1,??,,undated,,,,0,chip,no date can be read in it
"""


def _parts() -> tuple[tuple[Any, ...], ...]:
    rows = []
    for row in csv.DictReader(_PARTS_CSV.splitlines()):
        given: dict[str, Any] = {name: text or None for name, text in row.items()}
        given["spans"] = [tuple(span.split("/")) for span in row["spans"].split(";") if span]
        given["tolerance"] = int(row["tolerance"])
        rows.append(tuple(given.values()))
    return tuple(rows)


_PARTS = _parts()


def frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """A frame of a derived table, columns not given left null."""
    return pl.DataFrame(rows, schema=frame_schema(DERIVED[name]))


def made_range(parts: tuple[tuple[Any, ...], ...] = _PARTS) -> pl.DataFrame:
    """The invented parts as rows of `made_range`."""
    rows = []
    for item, key, mark, token, state, spans, rule, status, tolerance, _, why in parts:
        for n, (start, until) in enumerate(spans or [(None, None)]):
            rows.append({
                "component_id": key, "range_n": n, "item_id": item, "marking": mark, "state": state, "token": token,
                "rule": rule, "status": status, "made_from": start and D(start), "made_until": until and D(until),
                "tolerance_days": tolerance, "n_before_closing": 2 if rule else None,
                "closed_by": ["known"] if state == "dated" else None, "why": why, "source_id": "listing",
            })  # fmt: skip
    return frame("made_range", rows)


def tables(parts: tuple[tuple[Any, ...], ...] = _PARTS) -> dict[str, pl.DataFrame | pl.LazyFrame]:
    """Every table the page reads."""
    component = [
        {"component_id": p[1], "item_id": p[0], "function": p[9], "locator": f"{_TI}/{p[1]}", "source_id": "listing",
         "origin": f"sha256:{'ab' * 32}#row={n}"} for n, p in enumerate(parts, start=2)
    ]  # fmt: skip
    days = ("earliest_on", "certain_on", "oldest_on", "median_on")
    known: tuple[tuple[str, tuple[str, ...], int, int], ...] = (
        ("k-07", ("2021-08-01", "2021-08-01", "2019-10-14", "2020-11-17"), 4, 7),
        ("k-12", ("2022-10-01", "2022-10-01", "2020-10-19", "2021-02-07"), 4, 4),
        ("k-19", ("2023-03-13",), 1, 2),
        ("k-23", (), 0, 1),
    )
    assembly = [
        {"item_id": item, **dict(zip(days, map(D, on), strict=False)), "n_dated": n_dated, "n_marked": n_marked}
        for item, on, n_dated, n_marked in known
    ]
    return {
        "made_range": made_range(parts).lazy(),
        "item_assembly": frame("item_assembly", assembly),
        "component": pl.DataFrame(component),
        "source": pl.DataFrame([{"source_id": "listing", "title": "Invented listing of parts", "url": _TI}]),
        "item": pl.DataFrame(
            [{"item_id": key, "designation": "Kestrel", "serial_as_marked": key[2:], "source_id": "listing"}
             for key in ("k-07", "k-12", "k-19", "k-23")]
        ),
        "exhibit": pl.DataFrame([{"exhibit_id": f"sha256:{'ab' * 32}", "file": "components.csv", "size": 2048}]),
    }  # fmt: skip


@dataclass(frozen=True)
class Written:
    """The files tests look at most."""

    folder: Path
    index: Path
    when_made: Path
    when_made_json: Path
    when_made_csv: Path


def dossier(
    said: Sequence[Mapping[str, Any]], frames: Mapping[str, Any], *, case: CaseView = CASE, **more: Any
) -> Dossier:
    """The invented case as pages see it."""
    answers: dict[str, list[Mapping[str, Any]]] = {"when-made": []}
    for one in said:
        answers.setdefault(one["question"], []).append(one)
    return Dossier(case=case, answers=answers, frames=frames, **more)


def write(folder: Path, case: CaseView, said: Sequence[Mapping[str, Any]], frames: Mapping[str, Any]) -> Written:
    """The site of the invented case, in a folder."""
    paths = write_site(folder, Site(dossier(said, frames, case=case)))
    names = ("when-made.html", "when-made.json", "when-made.csv")
    return Written(folder, paths.index, *(folder / name for name in names))


def value(v: Any, *rests_on: str, unit: str | None = None) -> dict[str, Any]:
    """One value of a statement as findings carry it."""
    return {"value": v, "unit": unit, "rests_on": list(rests_on)}


def finding(key: str, values: dict[str, Any], item_id: str | None = None, **more: Any) -> dict[str, Any]:
    """One finding with every field of Appendix B."""
    days = [values.get(n, {}).get("value") for n in ("earliest", "latest")]
    headline = {"low": days[0], "point": days[0], "point_is": "earliest possible assembly", "high": days[1],
                "level": None, "interval": "bounds", "unit": "date"} if days[0] else None  # fmt: skip
    return {
        "id": f"when-made:{item_id or 'case'}", "question": "when-made", "on": "2026-06-30", "verdict": None,
        "weights": None, "roots": None, "subject": {"item_id": item_id} if item_id else {},
        "statement": {"key": key, "values": values}, "likelihood": None, "headline": headline, "quantiles": None,
        "mean": None, "sd": None, "beside": [], "method": "newest-part-v1", "version": "1", "parameters": {},
        "seed": None, "n_used": 4, "left_out": [], "assumptions": [], "diagnostics": [], "sensitivity": [],
        "refused": None, "supports": [], "contradicts": [], "commit": CASE.commit, "inputs": [], **more,
    }  # fmt: skip


RULES = {"text": "Each rule reads the mark as its maker meant it", "status": "weak", "why": "1 of 9 rules is inferred"}
READ = {"text": "Marks are read letter for letter", "status": "untestable", "why": "no photograph is held"}


def item_values(item: str, serial: str | None, earliest: str, latest: str | None, newest: tuple[str, str, str, str],
                but_one: tuple[str, str] | None, counts: tuple[int, int]) -> dict[str, Any]:  # fmt: skip
    """The values of a when-made.item statement."""
    part, mark, token, rule = newest
    older, older_part = but_one or (None, None)
    gap = (D(earliest) - D(older)).days if older else None
    return {
        "item": value(item), "serial": value(serial), "earliest": value(earliest, f"component:{part}", unit="date"),
        "latest": value(latest, unit="date"), "newest_component": value(part),
        "newest_mark": value(mark, f"component:{part}"),
        "newest_token": value(token, f"component:{part}"), "newest_rule": value(rule),
        "newest_but_one": value(older, *([f"component:{older_part}"] if older_part else []), unit="date"),
        "newest_but_one_component": value(older_part), "gap_days": value(gap, unit="day"),
        "n_dated": value(counts[0]), "n_ambiguous": value(counts[1]), "rule_doubt": value(None),
        "nearest": value(None, unit="date"), "nearest_token": value(None),
        "recovered": value(None, unit="date"), "known": value(latest, unit="date"), "listed": value(None, unit="date"),
    }  # fmt: skip


def findings() -> list[dict[str, Any]]:
    """The answer for the invented case: one of each statement."""
    case = {
        "n_items": value(4), "n_dated_items": value(3), "n_components": value(15), "n_marked": value(14),
        "n_dated": value(9),
        "n_ambiguous": value(1), "n_undated": value(4), "first_item": value("k-07", "item:k-07"),
        "first_on": value("2021-08-01", "component:k7-2", unit="date"), "last_item": value("k-19", "item:k-19"),
        "last_on": value("2023-03-13", "component:k19-1", unit="date"),
    }  # fmt: skip
    flip = [
        {"change": "Without rules that are only inferred", "low": "2022-10-01", "high": None},
        {"change": "Without the mark 2AATXTW", "low": "2021-03-15", "high": "2023-06-30"},
    ]
    beside = [{"method": "newest-documented-part", "version": "1", "point": "2022-10-01", "low": None, "high": None}]
    close = {
        "name": "days between the newest two parts",
        "value": 31,
        "reading": "small: two marks say nearly the same",
    }
    repair = {
        "text": "The newest part was not fitted in a repair",
        "status": "fails",
        "why": "its module shows solder over lacquer",
    }
    no_mark = {"why": "no mark is stated", "n": 1}
    k07 = item_values(
        "Kestrel 07", "07", "2021-08-01", "2022-09-13", ("k7-2", "VP230 18M A77R", "18M", "ti-yms"),
        ("2021-07-01", "k7-1"), (4, 1),
    )  # fmt: skip
    k12 = item_values(
        "Kestrel 12", "12", "2022-10-01", "2023-06-30", ("k12-1", "SN74LVC 2AATXTW", "2AATXTW", "ti-ymlllls"),
        ("2021-03-15", "k12-3"), (4, 0),
    )  # fmt: skip
    k19 = item_values(
        "Kestrel ЬІ-19", "ЬІ-19", "2023-03-13", None, ("k19-1", "24FC512 2311V9W", "2311V9W", "microchip-yywwnnn"),
        None, (1, 0),
    )  # fmt: skip
    k23 = {"item": value("Kestrel 23"), "serial": value(None), "n_marked": value(1)}
    refused = {"why": "no mark on it can be dated", "enough": "one mark read by a known rule"}
    week = {"why": "2386 has week 86; weeks are 01–53", "n": 1}
    return [
        finding("when-made.case", case, assumptions=[READ], left_out=[no_mark], n_used=9),
        finding(
            "when-made.item", k07, "k-07", assumptions=[READ, RULES], left_out=[no_mark, week], diagnostics=[close]
        ),
        finding(
            "when-made.item.influential",
            k12,
            "k-12",
            assumptions=[READ, RULES, repair],
            sensitivity=flip,
            beside=beside,
        ),
        finding("when-made.item.one-part", k19, "k-19", assumptions=[READ]),
        finding("when-made.item.refused", k23, "k-23", n_used=0, assumptions=[READ], refused=refused),
    ]
