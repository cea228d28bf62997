"""What tells the invented variants apart, and how often each level truly occurs; levels as declared in features.csv.

Invariant: a feature's levels stand in one order for all variants, so that a feature can follow another of its block.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .kestrel_world import Dice


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature: its dependence block, its levels, and the chance of each level by variant."""

    module: str
    name: str
    block: str
    levels: tuple[str, ...]
    odds: Mapping[str, tuple[float, ...]]
    follows: str | None = None
    note: str = ""

    def draw(self, variant: str, dice: Dice, others: Mapping[str, str]) -> str:
        """Which level has this module, given those of the same block?"""
        own = dice.weighted(dict(zip(self.levels, self.odds[variant], strict=True)))
        if self.follows is None or self.follows not in others or not dice.chance(FOLLOWS):
            return own
        leader = next(f for f in FEATURES if f.name == self.follows)
        return self.levels[leader.levels.index(others[self.follows])]


FOLLOWS = 0.9
"""How often a feature repeats the level of the one it follows: counted twice, it says little more than once."""

_A, _B, _C = (0.80, 0.10, 0.05, 0.05), (0.10, 0.75, 0.10, 0.05), (0.05, 0.15, 0.75, 0.05)
_D = (0.05, 0.05, 0.05, 0.85)
_CLEAR = {"A": _A, "B": _B, "C": _C, "D": _D}
_MILD = {
    "A": (0.55, 0.25, 0.15, 0.05),
    "B": (0.25, 0.50, 0.20, 0.05),
    "C": (0.20, 0.25, 0.50, 0.05),
    "D": (0.15, 0.15, 0.10, 0.60),
}
_SAME = dict.fromkeys("ABCD", (0.85, 0.15))


def _feature(module: str, name: str, block: str, levels: str, odds: Mapping[str, tuple[float, ...]],
             follows: str | None = None, note: str = "") -> Feature:  # fmt: skip
    return Feature(module=module, name=name, block=block, levels=tuple(levels.split()), odds=odds, follows=follows,
                   note=note)  # fmt: skip


FEATURES = (
    _feature("airframe", "construction", "airframe-build", "ribbed moulded panelled other", _CLEAR),
    _feature("airframe", "skin_weave", "airframe-build", "plain twill satin other", _CLEAR, "construction",
             "Same tools as the construction: not a second voice"),
    _feature("airframe", "colour", "paint", "sand grey black other", _MILD),
    _feature("airframe", "hatch_fastener", "hatch", "screws latch tape other", _CLEAR),
    _feature("airframe", "serial_prefix", "serial", "M \u042b Q other", {
        "A": (0.97, 0.01, 0.01, 0.01), "B": (0.01, 0.97, 0.01, 0.01), "C": (0.01, 0.66, 0.32, 0.01),
        "D": (0.01, 0.01, 0.01, 0.97)}, note="After look-alikes are made one letter; here it is the prefix as painted"),
    _feature("airframe", "name_stencil", "stencil", "present other", _SAME,
             note="On every variant alike: must move nothing"),
    _feature("servo", "servo_type", "servo", "boxed open-board geared other", _CLEAR),
    _feature("servo", "servo_plug", "servo", "round flat soldered other", _CLEAR, "servo_type"),
    _feature("navigation", "gnss_antenna", "satellite", "single fourfold eightfold other", _CLEAR),
    _feature("navigation", "gnss_module", "satellite", "type-1 type-2 type-3 other", _CLEAR, "gnss_antenna"),
    _feature("navigation", "gyroscope", "gyroscope", "type-1 type-2 type-3 other", _MILD),
    _feature("electronics", "control_processor", "processor", "F28335 other", dict.fromkeys("ABCD", (0.97, 0.03)),
             note="The same in every variant: must move nothing"),
    _feature("electronics", "line_filter", "filter", "BNX023 other", dict.fromkeys("ABCD", (0.95, 0.05)),
             note="The same in every variant: must move nothing"),
    _feature("electronics", "board_stencil", "boards", "latin cyrillic none other", _CLEAR),
    _feature("electronics", "board_colour", "mask", "green blue black other", _MILD),
    _feature("electronics", "inner_label", "label", "paper foil erased other", _CLEAR,
             note="Erased is a level: one plant grinds its labels off"),
    _feature("engine", "engine_type", "engine", "H1 H2 T other", {
        "A": (0.96, 0.02, 0.01, 0.01), "B": (0.02, 0.96, 0.01, 0.01), "C": (0.01, 0.04, 0.94, 0.01),
        "D": (0.01, 0.01, 0.01, 0.97)}),
    _feature("engine", "plate_method", "engine", "engraved stamped printed other", _CLEAR, "engine_type"),
    _feature("power", "battery_pack", "battery", "wrapped boxed welded other", _CLEAR),
    _feature("power", "loom_sleeve", "loom", "braid tape spiral other", _MILD),
    _feature("communication", "radio", "radio", "cellular mesh other", {
        "A": (1.0, 0.0, 0.0), "B": (0.7, 0.25, 0.05), "C": (0.05, 0.9, 0.05), "D": (0.0, 0.5, 0.5)},
        note="Only where a radio was fitted; not listed in a complete examination: absent"),
    _feature("vision", "camera", "camera", "type-1 other", dict.fromkeys("ABCD", (0.9, 0.1)),
             note="Only where a camera was fitted; not listed in a complete examination: absent"),
)  # fmt: skip

RADIO_FITTED = {"A": 0.0, "B": 0.2, "C": 0.8, "D": 1.0}
CAMERA_FITTED = {"A": 0.0, "B": 0.0, "C": 0.5, "D": 1.0}
CAMERA_FROM_QUARTER = "2024-07-01"
"""Cameras were fitted to C from this day on; to D always."""
