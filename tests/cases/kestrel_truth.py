# ruff: noqa: E501  (tables of Markdown: one line a row)
"""Writes TRUTH.md: what is true in the invented world, so that methods can be judged by whether they get it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from . import kestrel_trade as trade
from . import kestrel_world as world_file
from .kestrel_features import CAMERA_FITTED, CAMERA_FROM_QUARTER, FEATURES, FOLLOWS, RADIO_FITTED
from .kestrel_marks import PLACES
from .kestrel_sources import CLAIMS, COMMITMENTS, READINGS, Row
from .kestrel_world import BLOCKS, CHANGED_ON, MODULES, SHARE_AFTER, SHARE_BEFORE, World
from .kestrel_wrecks import Wrecks

Facts = dict[str, float]

_HEAD = """\
# Kestrel: what is true

Everything here is invented. This file is made by `tests/cases/make_kestrel.py` together with the tables, is no evidence and is not imported.
It is for judging methods: run them on the tables, then look whether they found what stands here. Code of the package must never read it.

The seed is the first from 20250601 on that gives at least eight incidents of reference items for each variant, and two finds at the north port while `com-port` ran; drafts of the world had others, and that rule was written after some of them had been seen: small counts are no blind draw. When-made had been run on earlier seeds; no result of it entered the choice. The finds come from the models the methods assume, so getting the truth back here is a sanity check, not validation.
Of the finds one was not left to chance: N-7 was made to be found. The hybrid and the faults are planted. Loads of airframes and engines were then fitted to what was made and flown.
"""

_STOPS = """\
| what | by whom | truly stopped | promised or asked from |
|---|---|---|---|
| manufacture of variant A | Harrow Works, XA | last made {last_a} | 2023-01-01 |
| manufacture of variant B | Tallow Plant, XB | last made by 2023-12-31 | |
| manufacture of variant C | Tallow Plant and Quill Works, XB | not stopped on the day of the case | |
| transfer of airframes XA to XB | Harrow Works | last load {last_airframe} | 2023-03-01 |
| transfer of engines XA to XB | Harrow Works | last load {last_engine} | 2023-07-01 |
| transfer of electronics XD to XB | Cairn Electronics | not stopped | 2023-10-01, asked only |
| use of the Kestrel | XB | not stopped | |
| use against the north port | XB | not stopped; last fall of an item found there {last_port} | 2024-09-01 |

Airframes: {airframes} of {made_a} of variant A went to XB in {n_airframe_loads} loads. Engines H2: {engines} in {n_engine_loads} loads; customs of XD shows nine tenths of each load.
The waybills have every load of both. Engines of type T are made at Tallow Plant.
"""

_DELAY = """\
From making to readiness: Gamma with shape 2 and scale {scale:.0f} days. From readiness to use: until the next wave (every 24 to 48 days, first 2022-01-15).
From use to becoming known: one day and an exponential of mean {known:.0f} days. Each unit launched is found with chance {theta} in every block: recovery is uniform over serials, but for delay and the day of the case.
"""

_LOTS = """\
Lots are named FCW-YYL000-NNN: year, letter of the month (A to M without I), running number of the lot in its year, line. Fennel Cartridge Works loaded 9 lots in 2018, 11 in 2019, 8 in 2020, 12 in 2021 and 6 in 2022.
21C007 and 21D009 went to the Ministry of Defence of XD in May 2021, from there to Depot 4 in June 2021, and were sold out of the depot by its keeper in February 2023 (no source says so). 21F012 went the same way in September 2021.
cart-5: the crate 19B003 is a crate used again. cart-6: headstamp OKW is of a maker in XE who sold to the open market.
launch-1: made in 2016 (lot 16-04), sold to XD in March 2017, lent to a training centre in 2019, lost there in 2022 (no source says so). The grip was exchanged in repair. The mark ground off was the training centre's.
"""


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [list(head), ["---"] * len(head), *[["" if c is None else str(c) for c in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _part(title: str, *paragraphs: str) -> str:
    return f"\n## {title}\n\n" + "\n".join(p if p.endswith("\n") else p + "\n" for p in paragraphs)


def roots_of(row: Row, relays: Mapping[str, list[str]]) -> str:
    """At the end of which chain of whose words does a claim stand?"""
    if row["via"] == "own":
        return row["source_id"]
    told = [row["source_id"], *(x.strip() for x in row["via"].split(";") if x)]
    if told[-1].startswith('"'):
        # An origin in quotes is known only by the words of the source that heard it.
        return f"{told[-2]}: {told[-1]}"
    at = told[-1]
    while relays.get(at):
        at = relays[at][0]
    return at


def truth_text(world: World, wrecks: Wrecks, facts: Facts, tables: Mapping[str, list[Row]]) -> str:
    """Which text tells all that is true?"""
    relays = {r["source_id"]: [x for x in r.get("relays", "").split(";") if x] for r in tables["sources"]}
    parts = [_HEAD]
    parts.append(
        _part(
            "Blocks",
            _table(
                ("block", "prefix", "producer", "variant", "first serial", "last serial", "made"),
                [
                    (b.name, b.prefix, b.producer, b.variant, b.start, b.start + sum(b.made) - 1, sum(b.made))
                    for b in BLOCKS
                ],
            ),
            "`y2` begins again at 1 under the letter of `y1` on 2024-01-01: two blocks, one prefix.",
            "Ы, ЬІ and Y are one letter. Engines are a block a kind: H1 to 865, H2 to 1,260, T in the order of making of C, spares included.",
        )
    )
    parts.append(
        _part(
            "Made in each quarter",
            _table(("block", "quarter", "made"), [(b.name, q, n) for b in BLOCKS for q, _, _, n in b.quarters]),
        )
    )
    parts.append(
        _part(
            "Items",
            _table(
                (
                    "item",
                    "block",
                    "true serial",
                    "typed",
                    "made",
                    "used",
                    "known",
                    "variant",
                    "modules of another variant",
                    "reference",
                    "fault",
                ),
                [
                    (
                        u.item_id,
                        u.block.name,
                        u.serial,
                        u.seen_serial,
                        u.made_on,
                        u.used_on,
                        u.known_on,
                        u.block.variant,
                        ", ".join(f"{m} {v}" for m, v in u.modules.items() if v != u.block.variant),
                        "yes" if u.is_reference else "no",
                        u.fault if u.same_as is None else f"{u.fault}: is {u.same_as}",
                    )
                    for u in world.units
                ],
            ),
            "D is none of A, B and C: a method that knows these three must say *none of these*.",
        )
    )
    parts.append(
        _part(
            "Fitted where it could be",
            _table(("item", "radio", "camera"), [(r["item"], r["communication"], r["vision"]) for r in wrecks.fitted]),
            f"Chance of a radio by variant: {_odds(RADIO_FITTED)}. Chance of a camera: {_odds(CAMERA_FITTED)}, "
            f"in C for aircraft made since {CAMERA_FROM_QUARTER}. Nothing guides the aircraft as a swarm.",
        )
    )
    parts.append(
        _part("Engines", _table(("item", "serial", "made", "producer"), [tuple(r.values()) for r in wrecks.engines]))
    )
    parts.append(
        _part(
            "How often each level occurs",
            _table(
                ("module", "feature", "block", "follows", "level", *"ABCD"),
                [
                    (f.module, f.name, f.block, f.follows, level, *(f"{f.odds[v][n]:.2f}" for v in "ABCD"))
                    for f in FEATURES
                    for n, level in enumerate(f.levels)
                ],
            ),
            f"A feature that follows another takes the level of the same place with chance {FOLLOWS}, else its own.",
            "serial_prefix is not drawn: it is the prefix of the block. engine_type is not drawn: it is the engine's own.",
            "Modules: "
            + ", ".join(MODULES)
            + "; every module has the variant of its item but where the table of items says.",
        )
    )
    parts.append(
        _part(
            "Brands",
            f"A place that two sorts of part fit holds the CN brand with chance {SHARE_BEFORE} in aircraft made before "
            f"{CHANGED_ON} and {SHARE_AFTER} from then on: one change, for all variants and all such places. "
            "A part was made 25 days and an exponential of mean 120 days before the aircraft.",
            _drawn(world, tables["components"]),
        )
    )
    parts.append(_part("When the parts were made", _table(("component", "made"), sorted(wrecks.part_days.items()))))
    parts.append(
        _part(
            "Delay and recovery",
            _DELAY.format(scale=world_file.USE_SCALE_DAYS, known=world_file.KNOWN_MEAN_DAYS, theta=world_file.THETA),
        )
    )
    parts.append(
        _part(
            "Launched",
            _table(("month", "launched without decoys"), trade.launched_by_month(world).items()),
            f"Decoys since {trade.DECOYS_FROM}: {trade.DECOY_SHARE:.0%} on top. use-xc is within 6 in a hundred; use-watch sees {trade.WATCH_SHARE:.0%}, within a tenth.",
        )
    )
    parts.append(
        _part(
            "Stops",
            _STOPS.format(
                last_a=max(u.made_on for u in world.units if u.block.name == "m").strftime("%Y")
                + "-12-31 at the latest",
                last_airframe=trade.AIRFRAME_LOADS[-1][0],
                last_engine=trade.engine_days()[-1][0],
                last_port=max(u.used_on for u in world.units if u.place == "north port"),
                airframes=sum(n for _, n in trade.AIRFRAME_LOADS),
                made_a=facts["made_a"],
                n_airframe_loads=len(trade.AIRFRAME_LOADS),
                engines=sum(trade.ENGINE_LOADS),
                n_engine_loads=len(trade.ENGINE_LOADS),
            ),
        )
    )
    parts.append(
        _part(
            "Commitments",
            _table(
                ("commitment", "on whose word", "true verdict"),
                [(c["commitment_id"], c["on_whose_word"], c["truth"]) for c in COMMITMENTS],
            ),
        )
    )
    parts.append(
        _part(
            "Plans",
            f"3,500 by the end of 2024: {facts['made_xb_2024']} made, not met. 150 of variant C a month in 2024: {facts['rate_c_2024']} a month, not met.",
        )
    )
    parts.append(
        _part("Who repeats whom", _table(("source", "repeats"), [(s, x) for s, near in relays.items() for x in near]))
    )
    parts.append(
        _part(
            "Claims",
            _table(
                ("claim", "source", "root", "truth"),
                [(c["claim_id"], c["source_id"], roots_of(c, relays), c["truth"].format_map(facts)) for c in CLAIMS],
            ),
            "Two roots that do not know of each other speak for the number made by the end of 2024: the intercepted report (c08, c09) and the serials of inspection (c07 for 2023).",
        )
    )
    parts.append(
        _part(
            "Rival readings",
            _table(("reading", "says", "truth"), [(r["hypothesis_id"], r["statement"], r["truth"]) for r in READINGS]),
        )
    )
    parts.append(_part("Cartridges and launcher", _LOTS))
    parts.append(_part("Planted faults", _table(("where", "what"), wrecks.faults)))
    return "".join(parts)


def _drawn(world: World, components: Sequence[Row]) -> str:
    built = {u.item_id: u.made_on for u in world.units}
    two = {place.function for place in PLACES if len(place.sorts) > 1}
    words = []
    for name, is_after in (("before", False), ("from then on", True)):
        found = [r["brand_country"] == "CN" for r in components if r["item_id"] in built and r["function"] in two
                 and (built[r["item_id"]] >= CHANGED_ON) is is_after]  # fmt: skip
        words.append(f"{sum(found)} of {len(found)} {name}")
    return f"As the dice fell, CN brands are typed in {words[0]} and in {words[1]}."


def _odds(by_variant: Mapping[str, float]) -> str:
    return ", ".join(f"{v} {p}" for v, p in by_variant.items())
