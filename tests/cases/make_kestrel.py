"""Makes cases/kestrel: `python -m tests.cases.make_kestrel` from the repository's root writes the case's files anew.

Invariant: the files of the case are the output of this script, byte for byte; a test makes them again and compares.
`README.md` alone is typed by hand. The story is in six files: kestrel_world (what is true), kestrel_features and
kestrel_marks (how variants and marks look), kestrel_sources and kestrel_finds (typed by hand), kestrel_wrecks and
kestrel_trade (what was written down). kestrel_truth writes TRUTH.md, by which methods are judged.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from taggant.model.typed_tables import BY_FILE, TLP

from . import kestrel_finds as finds
from . import kestrel_trade as trade
from .kestrel_features import FEATURES, RADIO_FITTED
from .kestrel_photos import photographs
from .kestrel_sources import CLAIMS, COMMITMENTS, LIKELIHOODS, NO_ADDRESS, READINGS, SOURCES, Row
from .kestrel_truth import Facts, truth_text
from .kestrel_world import AS_OF, BLOCKS, ENGINE_OF, Unit, World, build
from .kestrel_wrecks import Wrecks, write_down

CASE = Path(__file__).resolve().parents[2] / "src" / "taggant" / "cases" / "kestrel"
ADDRESS = "https://kestrel.example/"
"""`.example` is set aside for examples (RFC 2606): the address leads nowhere, and says so."""

_REFERENCE_MODULES = ("airframe", "servo", "navigation", "electronics", "engine", "power")


CASE_TOML = f"""\
# An invented case. Countries XA to XF, plants, papers, people and events do not exist; see README.md. What is true in
# the story stands in TRUTH.md, which is no evidence and is not imported.
uuid = "5b6f0c1e-3d52-4f0a-9c77-0e1a4be57e11"
title = "Kestrel, an invented case"
subject = "Invented: aircraft of a type called Kestrel, two caches of cartridges and a launcher, none of which exist"
as_of = "{AS_OF}"
tlp = "CLEAR"
language = "en"

[[plan]]
title = "Invented: 3,500 aircraft by the end of 2024"
scope = "kestrel"
quantity = 3500
by = "2024-12-31"
source_id = "leak-plant"

[[plan]]
title = "Invented: 1,800 of variant C in 2024, that is 150 a month"
scope = "kestrel-c"
quantity = 1800
since = "2024"
by = "2024-12-31"
source_id = "leak-plant"
"""

STORY = """\
# What happens to the case after it is imported, in order: each step is one command on the case.
# taggant withdraw CASE TABLE KEY --reason REASON. The claims go first, so that no live row leads to a withdrawn source.

[[withdraw]]
table = "claim"
key = "c15"
on = "2025-03-10"
reason = "The paper is a forgery: its stamp names an office that was closed before its date"

[[withdraw]]
table = "source"
key = "forged-paper"
on = "2025-03-10"
reason = "The paper is a forgery: its stamp names an office that was closed before its date"
"""


def made_between(first: str, last: str, *, variant: str = "", block: str = "") -> int:
    """How many were really made in XB from one quarter to another, both included (`2024Q1`)."""
    return sum(
        n
        for b in BLOCKS
        for quarter, _, _, n in b.quarters
        if b.name not in {"m", "n"} and first <= quarter <= last
        and variant in {"", b.variant} and block in {"", b.name}
    )  # fmt: skip


def facts_of(world: World) -> Facts:
    """The numbers that claims and TRUTH.md state, counted from the world."""
    use_2023, use_2024 = trade.launched_in(world, 2023), trade.launched_in(world, 2024)
    return {
        "made_a": sum(BLOCKS[0].made),
        "made_xb_2023": made_between("2022Q4", "2023Q4"),
        "made_xb_2024": made_between("2022Q4", "2024Q4"),
        "rate_xb_2024": round(made_between("2024Q1", "2024Q4") / 12),
        "rate_xb_2024h2": round(made_between("2024Q3", "2024Q4") / 6),
        "rate_c_2024": round(made_between("2024Q1", "2024Q4", variant="C") / 12),
        "rate_q_2024": round(made_between("2024Q1", "2024Q4", block="q") / 12),
        "radio_c": round(RADIO_FITTED["C"] * 10),
        "use_2023": use_2023,
        "use_2023_low": round(use_2023 * 0.9),
        "use_2023_high": round(use_2023 * 1.1),
        "use_2024": use_2024,
        "use_2024_decoys": round(use_2024 * (1 + trade.DECOY_SHARE) / 10) * 10,
        "use_2024_watch": round(use_2024 * trade.WATCH_SHARE),
    }


def sources() -> list[Row]:
    """The sources with their addresses."""
    found = [dict(row) for row in SOURCES]
    for reply, published, who in (
        ("reply-1", "2024-08-12", "Fennel Cartridge Works"), ("reply-2", "2024-07-29", "the Ministry of Defence of XD"),
        ("reply-4", "2024-10-14", "Brindle Armaments"), ("reply-7", "2024-08-06", "a distributor"),
    ):  # fmt: skip
        found.append(finds.with_source(reply, published, f"Invented answer of {who} to a trace request"))
    for row in found:
        if row["source_id"] not in NO_ADDRESS:
            row["url"] = ADDRESS + row["source_id"]
            row["retrieved"] = AS_OF.isoformat()
            row["licence"] = "CC BY 4.0 (invented)"
    return found


def references(world: World) -> list[Row]:
    """Items whose variant the delivery papers of the story tell."""
    basis = "named by serial in the delivery papers"
    return [
        {"item_id": u.item_id, "module": module, "variant": u.block.variant, "producer": _producer(u, module),
         "basis": basis, "source_id": "delivery-papers"}
        for u in world.units if u.is_reference
        for module in _REFERENCE_MODULES
    ]  # fmt: skip


def _producer(u: Unit, module: str) -> str:
    return ENGINE_OF[u.modules["engine"]][1] if module == "engine" else u.block.producer


def features() -> list[Row]:
    """The features with their blocks and levels."""
    return [
        {"module": f.module, "feature": f.name, "block": f.block, "levels": "; ".join(f.levels), "note": f.note,
         "source_id": "guide-1"}
        for f in FEATURES
    ]  # fmt: skip


def plant_in_components(wrecks: Wrecks, world: World) -> None:
    """Put one fault of each sort among the marks, each on an item of its own."""
    rows = wrecks.tables["components"]
    marked = [u for u in world.units if u.is_documented and u.is_plain]

    def first(function: str, brand: str, taken: set[str]) -> Row:
        return next(r for u in marked for r in rows if r["item_id"] == u.item_id and r["function"] == function
                    and r["brand"] == brand and r["marking"] and r["item_id"] not in taken)  # fmt: skip

    taken: set[str] = set()

    def plant(row: Row, marking: str, fault: str, *, brand: str = "", quality: str = "likely") -> None:
        true = row["marking"]
        row.update(marking=marking, read_quality=quality)
        if brand:
            row.update(brand=brand, maker="", maker_basis="")
        taken.add(row["item_id"])
        wrecks.part_days.pop(row["component_id"], None)
        wrecks.faults.append((row["component_id"], f"{fault}: typed {marking}, printed {true}"))

    row = first("memory", "Microchip Technology", taken)
    year = row["marking"].split()[1][:2]
    plant(row, f"24FC512 {year}61{row['marking'][-3:]}", "impossible week")
    row = first("memory", "Microchip Technology", taken)
    year = str(int(row["marking"].split()[1][:2]) + 2)
    plant(row, f"24FC512 {year}{row['marking'].split()[1][2:]}", "later than the find")
    row = first("microcontroller", "STMicroelectronics", taken)
    week = row["marking"].split()[2]
    plant(row, f"STM32F407VGT6 GQ {week[0]}O{week[2]}", "letter O for zero or another digit", quality="doubtful")
    row = first("DC converter", "Texas Instruments", taken)
    plant(row, row["marking"], "listed under another brand than its maker's", brand="Analog Devices")
    row = first("satellite receiver", "u-blox", taken)
    plant(row, "NEO-M8N 14/07", "old stock: ten years older than its neighbours", quality="sure")
    wrecks.faults[-1] = (row["component_id"], "old stock: ten years older than its neighbours; the mark is true")


def component_markings(wrecks: Wrecks) -> list[Row]:
    """The full marks of some components, as rows of their own."""
    return [
        {"marking_id": f"mk-{r['component_id']}", "item_id": r["item_id"], "component_id": r["component_id"],
         "kind": "part", "text": r["marking"], "script": "Latn", "method": ("laser", "printed")[n % 2],
         "read_by": ("examiner ex-2", "reader software")[n % 3 == 0], "read_quality": r["read_quality"],
         "source_id": r["source_id"], "locator": r["locator"]}
        for n, r in enumerate([r for r in wrecks.tables["components"] if r["marking"]][::6])
    ]  # fmt: skip


def tables() -> tuple[dict[str, list[Row]], Wrecks, World, Facts]:
    """Every table of the case, and what is true behind it."""
    world = build()
    wrecks = write_down(world)
    plant_in_components(wrecks, world)
    facts = facts_of(world)
    w = wrecks.tables
    claims = [{k: v.format_map(facts) for k, v in row.items()} for row in CLAIMS]
    found = {
        "sources": sources(),
        "incidents": [*w["incidents"], *finds.INCIDENTS],
        "items": [*w["items"], *finds.ITEMS],
        "examinations": [*w["examinations"], *finds.EXAMINATIONS],
        "observations": w["observations"],
        "features": features(),
        "references": references(world),
        "components": [*w["components"], *finds.COMPONENTS],
        "markings": [*w["markings"], *component_markings(wrecks), *finds.MARKINGS],
        "claims": claims,
        "use": trade.use_rows(world),
        "commitments": COMMITMENTS,
        "hypotheses": READINGS,
        "likelihoods": LIKELIHOODS,
        "parties": finds.PARTIES,
        "shipments": trade.shipment_rows(),
        "transfers": trade.transfer_rows(world),
        "custody": trade.custody_rows(world),
        "requests": finds.REQUESTS,
        "photos": [row for row, _ in photographs([*w["items"], *finds.ITEMS], w["components"])],
    }
    if list(found) != [t for t in BY_FILE if t in found] or set(found) != set(BY_FILE):
        raise AssertionError("the tables are not those of the model, in its order")
    return found, wrecks, world, facts


def csv_of(table: str, rows: list[Row], tlp_of: dict[str, str]) -> str:
    """One table as CSV, without columns nobody typed into; a row is never below the level of its source."""
    typed = {name for row in rows for name, value in row.items() if value} | {"tlp", "note"}
    # A column added to the model later must not change these bytes: it enters the case when a row has it.
    names = [name for name in BY_FILE[table].names if name in typed]
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        levels = [row.get("tlp", ""), tlp_of.get(row.get("source_id", ""), "")]
        tlp = max((level for level in levels if level), key=TLP.index, default="")
        writer.writerow([tlp if name == "tlp" else row.get(name, "") for name in names])
    return target.getvalue()


def files() -> dict[str, bytes]:
    """Name → content of every file of the case but the README and the photographs."""
    found, wrecks, world, facts = tables()
    tlp_of = {row["source_id"]: row.get("tlp", "") for row in found["sources"]}
    texts = {f"{table}.csv": csv_of(table, rows, tlp_of) for table, rows in found.items()}
    texts |= {f"documents/{name}": text for name, text in finds.DOCUMENTS.items()}
    texts |= {"case.toml": CASE_TOML, "story.toml": STORY, "TRUTH.md": truth_text(world, wrecks, facts, found)}
    return {name: text.encode("utf-8") for name, text in texts.items()}


def main() -> None:
    """Write the files into the package."""
    for name, content in files().items():
        path = CASE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    found = tables()[0]
    for row, drawn in photographs(found["items"], found["components"]):
        path = CASE / row["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(drawn.jpeg)


if __name__ == "__main__":
    main()
