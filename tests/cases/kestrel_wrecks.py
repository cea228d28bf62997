"""From the invented world to what investigators wrote down: items, examinations, observations, components, markings.

Invariant: a row says only what its source could have seen; what is true beside it goes to the list of faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from .kestrel_features import CAMERA_FITTED, CAMERA_FROM_QUARTER, FEATURES, RADIO_FITTED
from .kestrel_marks import PLACES, part_made, sort_for
from .kestrel_sources import Row
from .kestrel_world import BLOCKS, ENGINE_OF, MODULES, Dice, Unit, World

POINTS = {
    "north port": ("0.41", "0.10", "5"),
    "river town": ("0.22", "0.18", "3"),
    "rail junction": ("0.15", "0.33", "10"),
    "east suburbs": ("0.24", "0.29", "3"),
    "lake village": ("0.35", "0.44", "5"),
}
"""In the sea off Null Island: nobody lives there."""

DAMAGE = 0.10
"""Chance that a module of an item not taken apart whole was destroyed."""
WRONG_WHEN_DOUBTFUL = 0.5


@dataclass(slots=True)
class Wrecks:
    """Rows by table, and what is true where a row is not."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)
    engines: list[Row] = field(default_factory=list)
    fitted: list[Row] = field(default_factory=list)
    part_days: dict[str, date] = field(default_factory=dict)

    def add(self, table: str, **row: str) -> Row:
        """Put a row into a table and give it back."""
        self.tables.setdefault(table, []).append(row)
        return row


def write_down(world: World) -> Wrecks:
    """What would the investigators of the story have put into their tables?"""
    out, dice = Wrecks(), world.dice
    _incidents(world, out)
    for n, u in enumerate(world.units):
        source = f"insp-{u.known_on.year}" if u.is_documented else ("channel-larkspur", "channel-barberry")[n % 2]
        locator = f"page={10 + n % 50}" if u.is_documented else f"t={n % 60:02d}:{(7 * n) % 60:02d}"
        _item(u, source, locator, out, dice)
        if u.is_documented:
            _examined(u, source, locator, out, dice)
        elif u.seen_serial is not None:
            _observe(out, u, "airframe", "name_stencil", source, locator, "present", "likely")
    _second_pictures(world, out)
    return out


def _incidents(world: World, out: Wrecks) -> None:
    for incident in sorted({u.incident_id for u in world.units}):
        units = [u for u in world.units if u.incident_id == incident]
        first = next((u for u in units if u.is_documented), units[0])
        lat, lon, radius = POINTS[first.place]
        source = f"insp-{first.known_on.year}" if first.is_documented else "channel-larkspur"
        out.add("incidents", incident_id=incident, occurred=first.used_on.isoformat(), place=first.place, country="XC",
                lat=lat, lon=lon, radius_km=radius, source_id=source)  # fmt: skip


def _item(u: Unit, source: str, locator: str, out: Wrecks, dice: Dice) -> None:
    recovered = u.used_on.isoformat() if u.is_documented or dice.chance(0.3) else f"{u.used_on:%Y-%m}"
    if u.same_as:
        recovered = f"{u.used_on:%Y-%m}"
    note = {
        "unreadable": "The number cannot be read in the picture",
        "prefix lost": "What stood before the number is torn off",
        "reported again": "May be the item of another row: same letters, same days",
        "hybrid": "Units inside differ from those of items with like serials",
    }.get(u.fault or "", "")
    out.add(
        "items", item_id=u.item_id, kind="uav", designation="Kestrel", serial_as_marked=u.seen_serial or "",
        incident_id=u.incident_id, recovered=recovered, known=u.known_on.isoformat(),
        seen_as="documented" if u.is_documented else "reported",
        examined_first=max(u.used_on, u.known_on - timedelta(days=4)).isoformat() if u.is_documented else "",
        source_id=source, locator=locator, note=note,
    )  # fmt: skip
    if u.seen_serial is None:
        return
    quality = "doubtful" if u.fault == "misread" else ("sure" if u.is_documented else dice.pick(("likely", "sure")))
    script = "Cyrl" if "\u0400" <= u.seen_serial[0] <= "\u04ff" else "Latn"
    script = "" if u.seen_serial[0].isdigit() else script
    out.add("markings", marking_id=f"mk-{u.item_id}-serial", item_id=u.item_id, kind="serial", text=u.seen_serial,
            script=script, method="printed", read_by=f"examiner ex-{1 + len(u.item_id) % 3}" if u.is_documented else "",
            read_quality=quality, source_id=source, locator=locator)  # fmt: skip
    if u.fault in {"misread", "look-alike", "prefix lost"}:
        out.faults.append((u.item_id, f"{u.fault}: typed {u.seen_serial}, painted {u.serial}"))


def _observe(
    out: Wrecks, u: Unit, module: str, feature: str, source: str, locator: str, value: str, quality: str
) -> None:
    out.add("observations", item_id=u.item_id, module=module, feature=feature, source_id=source, locator=locator,
            value=value, read_quality=quality)  # fmt: skip


def _examined(u: Unit, source: str, locator: str, out: Wrecks, dice: Dice) -> None:
    is_whole = dice.chance(0.45) or u.fault == "hybrid" or u.block.name == "n"
    values = _true_values(u, dice)
    fitted = {"communication": dice.chance(RADIO_FITTED[u.modules["communication"]])}
    may_see = u.block.name == "n" or u.made_on >= date.fromisoformat(CAMERA_FROM_QUARTER)
    fitted["vision"] = dice.chance(CAMERA_FITTED[u.modules["vision"]]) and may_see
    day = max(u.used_on, u.known_on - timedelta(days=4)).isoformat()
    common = {"item_id": u.item_id, "by": "Kestrel Field Group", "on": day, "source_id": source, "locator": locator}
    shown: dict[str, str] = {}
    if is_whole:
        out.add("examinations", examination_id=f"ex-{u.item_id}", depth="dismantled", complete="yes", **common)
        shown = dict.fromkeys(MODULES, "yes")
    for module in () if is_whole else MODULES:
        if not dice.chance(0.8):
            continue
        state = dice.weighted({"yes": 0.5, "no": 0.35, "": 0.15})
        is_destroyed = dice.chance(DAMAGE)
        out.add("examinations", examination_id=f"ex-{u.item_id}-{module}", module=module,
                depth="seen" if is_destroyed else dice.pick(("opened", "dismantled", "seen")),
                complete="no" if is_destroyed else state,
                note="Destroyed: nothing of it can be told" if is_destroyed else "", **common)  # fmt: skip
        shown[module] = "destroyed" if is_destroyed else state
    out.fitted.append({"item": u.item_id, **{m: "yes" if has else "no" for m, has in fitted.items()}})
    for module, state in shown.items():
        if not fitted.get(module, True):
            continue
        for f in (f for f in FEATURES if f.module == module):
            if state == "destroyed":
                _observe(out, u, module, f.name, source, locator, "destroyed", "sure")
            elif state == "yes" or dice.chance(0.75):
                quality = dice.weighted({"sure": 0.82, "likely": 0.14, "doubtful": 0.04})
                value = values[f.name]
                if quality == "doubtful" and dice.chance(WRONG_WHEN_DOUBTFUL):
                    wrong = f.levels[(f.levels.index(value) + 1) % len(f.levels)]
                    out.faults.append((u.item_id, f"{module}.{f.name} typed {wrong}, true {value}"))
                    value = wrong
                _observe(out, u, module, f.name, source, locator, value, quality)
        if state != "destroyed":
            _components(u, module, state, source, locator, out, dice)
    if shown.get("engine") in {"yes", "no", ""}:
        _engine(u, source, locator, out, dice)


def _true_values(u: Unit, dice: Dice) -> Mapping[str, str]:
    values: dict[str, str] = {}
    for f in FEATURES:
        values[f.name] = f.draw(u.modules[f.module], dice, values)
    # The prefix is not drawn: it is on the hull.
    values["serial_prefix"] = u.block.prefix if u.block.name != "n" else "other"
    engine = ENGINE_OF[u.modules["engine"]][0]
    values["engine_type"] = engine if engine != "X" else "other"
    return values


def _components(u: Unit, module: str, state: str, source: str, locator: str, out: Wrecks, dice: Dice) -> None:
    for place in (p for p in PLACES if p.module == module):
        sort, made = sort_for(place, u.made_on, dice), part_made(u.made_on, dice)
        mark = sort.write(made, dice)
        n_twins = 2 if place.function == "power transistor" and dice.chance(0.3) else 1
        is_read, is_named = dice.chance(0.94), dice.chance(0.3)
        quality = dice.weighted({"sure": 0.8, "likely": 0.17, "doubtful": 0.03})
        if state != "yes" and not dice.chance(0.75):
            continue
        for twin in range(n_twins):
            name = f"{u.item_id}-{place.function.replace(' ', '-').lower()}{'-b' if twin else ''}"
            out.add(
                "components", component_id=name, item_id=u.item_id, module=module, function=place.function,
                marking=mark if is_read else "", brand=sort.brand,
                maker=sort.brand if is_named and is_read and not sort.country.startswith("X") else "",
                maker_basis="name printed in full" if is_named and is_read and not sort.country.startswith("X") else "",
                brand_country=sort.country, part_number_stated=sort.part_number, quantity="1",
                read_quality=quality if is_read else "", source_id=source, locator=locator,
                note="" if is_read else "The mark is ground off",
            )  # fmt: skip
            out.part_days[name] = made


def made_of(variant: str, day: date) -> int:
    """How many of a variant were made before this day?"""
    n = 0.0
    for block in (b for b in BLOCKS if b.variant == variant):
        for _, first, after, made in block.quarters:
            n += made * min(1.0, max(0.0, (day - first).days / (after - first).days))
    return int(n)


def _engine(u: Unit, source: str, locator: str, out: Wrecks, dice: Dice) -> None:
    variant = u.modules["engine"]
    kind, producer = ENGINE_OF[variant]
    made = u.made_on - timedelta(days=20 + dice.whole(0, 50))
    if kind == "H2":
        made = min(made, date(2023, 11, 30))
    if kind == "H1":
        made = min(made, date(2022, 11, 30))
    serial = f"{kind}-{made_of(variant, made) + 1 + dice.whole(0, 12):04d}"
    item = f"{u.item_id}-engine"
    country = "XA" if producer == "Harrow Works" else "XB"
    brand = producer if kind != "X" else ""
    out.add("items", item_id=item, kind="engine", designation=f"engine {kind}", serial_as_marked=serial,
            part_of=u.item_id, incident_id=u.incident_id, recovered=u.used_on.isoformat(),
            known=u.known_on.isoformat(), seen_as="documented", source_id=source, locator=locator)  # fmt: skip
    stated = f"{made:%Y-%m}"
    plate = f"{serial} MFG {stated}"
    out.add("components", component_id=f"{item}-plate", item_id=item, module="core", function="engine plate",
            marking=plate, brand=brand, brand_country=country if brand else "", part_number_stated=kind,
            made_stated=stated, read_quality="sure", quantity="1", source_id=source, locator=locator)  # fmt: skip
    for kind_of_mark, text in (("serial", serial), ("date", f"MFG {stated}")):
        out.add("markings", marking_id=f"mk-{item}-{kind_of_mark}", item_id=item, component_id=f"{item}-plate",
                kind=kind_of_mark, text=text, script="Latn", method="engraved", read_by="examiner ex-2",
                read_quality="sure", source_id="lab-1" if u.known_on.year == 2024 else source,
                locator=locator)  # fmt: skip
    out.engines.append({"item": item, "serial": serial, "made": made.isoformat(), "producer": producer})


def _second_pictures(world: World, out: Wrecks) -> None:
    """A picture channel shows some documented items too, and does not always agree."""
    colours = ("sand", "grey", "black")
    for n, u in enumerate([u for u in world.units if u.is_documented and u.block.prefix == "\u042b"][::4]):
        said = next((o["value"] for o in out.tables["observations"]
                     if o["item_id"] == u.item_id and o["feature"] == "colour"), "sand")  # fmt: skip
        other = said if n % 2 or said not in colours else colours[(colours.index(said) + 1) % 3]
        at = f"t=02:{n:02d}"
        _observe(out, u, "airframe", "colour", "channel-barberry", at, other, "doubtful")
        if other != said:
            out.faults.append((u.item_id, f"airframe.colour: channel-barberry says {other}, the inspection {said}"))
        spelt = ("Y", "\u042c\u0406")[n % 2] + u.serial[1:]
        out.add("markings", marking_id=f"mk-{u.item_id}-picture", item_id=u.item_id, kind="serial", text=spelt,
                script=("Latn", "Cyrl")[n % 2], read_by="channel Barberry", read_quality="likely",
                source_id="channel-barberry", locator=at,
                note="Another spelling of the same letters: both stay")  # fmt: skip
