"""The invented world behind cases/kestrel: what was really made, flown, found and told, before anybody writes it down.

Invariant: everything is drawn from one seeded stream of `random()` alone (no `choice`, no `gauss`), so the same bytes
come out of every version of Python. Nothing here describes a real aircraft, maker, country or event.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")

SEED = 20250606
AS_OF = date(2025, 6, 30)
"""The day the case answers for: what became known later is not in it."""

THETA = 0.018
"""Share of the units made that end up documented or reported, the same in every block."""
USE_SCALE_DAYS = 60.0
"""Days from making to readiness are Gamma(2, scale); the unit then waits for the next wave."""
KNOWN_MEAN_DAYS = 40.0
"""Days from the event to the day it became known are one day and an exponential."""
CHANGED_ON = date(2023, 10, 1)
SHARE_BEFORE, SHARE_AFTER = 0.20, 0.60
"""Chance that a place on a board that two sorts of part fit holds the one whose brand sits in CN."""

YI = "\u042b"  # Ы, the letter that is also copied as ЬІ and as Latin Y
LOOKALIKES = (YI, YI, YI, "\u042c\u0406", "Y")


class Dice:
    """One stream of numbers from 0 to 1 and what is made of it."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def roll(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()

    def chance(self, p: float) -> bool:
        """Whether something of this chance happens."""
        return self.roll() < p

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.roll() * (high - low + 1))

    def pick(self, among: Sequence[T]) -> T:
        """One of these, each as likely."""
        return among[int(self.roll() * len(among))]

    def weighted(self, among: Mapping[str, float]) -> str:
        """One of these, each by its chance; the last takes what is left."""
        left = self.roll()
        for name, p in among.items():
            left -= p
            if left < 0:
                return name
        return list(among)[-1]

    def exponential(self, mean: float) -> float:
        """A waiting time."""
        return -mean * math.log(1.0 - self.roll())


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Serials that belong together: how many were really made in each quarter."""

    name: str
    prefix: str
    hyphen: str
    start: int
    variant: str
    producer: str
    first_quarter: tuple[int, int]
    made: tuple[int, ...]

    @property
    def quarters(self) -> list[tuple[str, date, date, int]]:
        """(name, first day, first day after, number made) of each quarter."""
        found = []
        year, quarter = self.first_quarter
        for n in self.made:
            first = date(year, 3 * quarter - 2, 1)
            year, quarter = (year, quarter + 1) if quarter < 4 else (year + 1, 1)
            found.append((f"{first.year}Q{(first.month + 2) // 3}", first, date(year, 3 * quarter - 2, 1), n))
        return found


BLOCKS = (
    Block(name="m", prefix="M", hyphen="", start=101, variant="A", producer="Harrow Works", first_quarter=(2021, 3),
          made=(80, 120, 160, 180, 170, 110)),
    Block(name="y1", prefix=YI, hyphen="-", start=1, variant="B", producer="Tallow Plant", first_quarter=(2022, 4),
          made=(60, 140, 260, 340, 400)),
    Block(name="y2", prefix=YI, hyphen="-", start=1, variant="C", producer="Tallow Plant", first_quarter=(2024, 1),
          made=(220, 300, 360, 380, 340, 320)),
    Block(name="q", prefix="Q", hyphen="", start=5001, variant="C", producer="Quill Works", first_quarter=(2023, 3),
          made=(50, 80, 100, 120, 130, 130, 110, 100)),
    Block(name="n", prefix="N", hyphen="-", start=1, variant="D", producer="Tallow Plant", first_quarter=(2025, 1),
          made=(12,)),
)  # fmt: skip
"""`y2` restarts at 1 under the prefix of `y1`; `m` begins at 101 and `q` at 5001; `n` is the trial run nobody knows."""

MODULES = ("airframe", "servo", "navigation", "electronics", "engine", "power", "communication", "vision")
ENGINE_OF = {"A": ("H1", "Harrow Works"), "B": ("H2", "Harrow Works"), "C": ("T", "Tallow Plant")}
ENGINE_OF["D"] = ("X", "Tallow Plant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One aircraft that was found: what is true of it, and what was seen."""

    block: Block
    number: int
    made_on: date
    used_on: date
    place: str
    known_on: date
    item_id: str = ""
    incident_id: str = ""
    is_documented: bool = True
    is_reference: bool = False
    seen_serial: str | None = None
    fault: str | None = None
    same_as: str | None = None
    modules: Mapping[str, str] = field(default_factory=dict)

    @property
    def serial(self) -> str:
        """The serial as it was really painted on."""
        return f"{self.block.prefix}{self.block.hyphen}{self.number}"

    @property
    def is_plain(self) -> bool:
        """Whether every module is of the variant of its block."""
        return set(self.modules.values()) == {self.block.variant} and self.block.variant != "D"


PLACES = ("north port", "river town", "rail junction", "east suburbs", "lake village")


def waves(dice: Dice) -> list[tuple[date, tuple[str, str]]]:
    """On which days were aircraft launched, and at which two places did they come down?"""
    found = []
    day = date(2022, 1, 15)
    while day <= AS_OF:
        first = dice.whole(0, len(PLACES) - 1)
        found.append((day, (PLACES[first], PLACES[(first + dice.whole(1, 4)) % len(PLACES)])))
        day += timedelta(days=dice.whole(24, 48))
    return found


def found_units(dice: Dice) -> tuple[list[Unit], dict[tuple[date, str], int]]:
    """Which units were found and known by the day of the case, and how many of each block were launched when?"""
    days = waves(dice)
    units: list[Unit] = []
    launched: dict[tuple[date, str], int] = {}
    for block in BLOCKS:
        number = block.start - 1
        for _, first, after, n in block.quarters:
            for k in range(n):
                number += 1
                made = first + timedelta(days=int((k + dice.roll()) / n * (after - first).days))
                wait = int(dice.exponential(USE_SCALE_DAYS) + dice.exponential(USE_SCALE_DAYS))
                wave = next(((d, p) for d, p in days if d >= made + timedelta(days=wait)), None)
                is_found = dice.chance(THETA)
                if block.name == "n":
                    # One of the trial run was flown and found; the others never left the yard.
                    is_found = number == 7
                    wave = next((d, p) for d, p in days if d >= date(2025, 5, 1)) if is_found else None
                if wave is None:
                    continue
                launched[(wave[0], block.name)] = launched.get((wave[0], block.name), 0) + 1
                if not is_found:
                    continue
                lag = 12.0 if block.name == "n" else dice.exponential(KNOWN_MEAN_DAYS)
                known = wave[0] + timedelta(days=1 + int(lag))
                place = dice.pick(wave[1])
                if known <= AS_OF:
                    units.append(Unit(block=block, number=number, made_on=made, used_on=wave[0], place=place,
                                      known_on=known))  # fmt: skip
    return units, launched


def _with_names(units: Sequence[Unit]) -> list[Unit]:
    ordered = sorted(units, key=lambda u: (u.known_on, u.block.name, u.number))
    events = sorted({(u.used_on, u.place) for u in ordered})
    ids = {event: f"inc-{n:02d}" for n, event in enumerate(events, start=1)}
    return [
        replace(u, item_id=f"k-{n:02d}", incident_id=ids[(u.used_on, u.place)]) for n, u in enumerate(ordered, start=1)
    ]


def _with_faults(units: Sequence[Unit], dice: Dice) -> list[Unit]:
    """Paint the look-alikes, and plant one fault of each sort on an item of its own."""
    seen: list[Unit] = []
    for u in units:
        prefix = dice.pick(LOOKALIKES) if u.block.prefix == YI else u.block.prefix
        spelt = f"{prefix}{u.block.hyphen}{u.number}"
        seen.append(replace(u, seen_serial=spelt, fault="look-alike" if prefix != u.block.prefix else None))

    def plant(fault: str, serial: str | None, at: int) -> None:
        seen[at] = replace(seen[at], fault=fault, seen_serial=serial)

    def nth(block: str, n: int, *, is_documented: bool) -> int:
        able = [i for i, u in enumerate(seen) if u.block.name == block and u.is_documented is is_documented]
        return [i for i in able if seen[i].number > 99 and seen[i].fault is None][n]

    # A lone misread that a naive maximum would take for the size of its block.
    at = nth("y1", 0, is_documented=False)
    digits = str(seen[at].number)
    plant("misread", f"{YI}-9{digits[-3:]}" if len(digits) < 4 else f"{YI}-9{digits[1:]}", at)
    at = nth("y2", 0, is_documented=False)
    plant("prefix lost", str(seen[at].number), at)
    plant("unreadable", None, nth("q", 0, is_documented=False))
    at = nth("m", 0, is_documented=True)
    plant("look-alike", f"\u041c{seen[at].number}", at)  # Cyrillic М
    return seen


def _modules(u: Unit) -> dict[str, str]:
    return dict.fromkeys(MODULES, u.block.variant)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What was found, in the order it became known; what was launched; the dice as they lie afterwards."""

    units: list[Unit]
    launched: Mapping[tuple[date, str], int]
    dice: Dice


def build() -> World:
    """What is true in the invented world? The same at every call."""
    dice = Dice(SEED)
    found, launched = found_units(dice)
    named = _with_names(found)
    units = [replace(u, is_documented=u.block.name == "n" or dice.chance(0.68)) for u in named]
    units = _with_faults(units, dice)
    units = [replace(u, modules=_modules(u)) for u in units]
    plain = [i for i, u in enumerate(units) if u.is_documented and u.block.name == "y1" and u.fault is None]
    hybrid = next(i for i in plain if units[i].made_on >= date(2023, 7, 1))
    mixed = {**units[hybrid].modules, "electronics": "C", "navigation": "C", "engine": "A"}
    units[hybrid] = replace(units[hybrid], modules=mixed, fault="hybrid")
    for variant in "ABC":
        able = [i for i, u in enumerate(units) if u.is_documented and u.is_plain and u.block.variant == variant]
        # Every fourth is kept back, to be judged; the others' variants are known from papers.
        for n, i in enumerate(able):
            units[i] = replace(units[i], is_reference=n % 4 != 3)
    twin = next(u for u in reversed(units) if u.is_documented and u.block.name == "y2" and u.number > 99)
    again = replace(twin, item_id=f"k-{len(units) + 1:02d}", is_documented=False, is_reference=False,
                    known_on=min(AS_OF, twin.known_on + timedelta(days=3)), same_as=twin.item_id,
                    fault="reported again")  # fmt: skip
    units.append(again)
    return World(units=units, launched=launched, dice=dice)
