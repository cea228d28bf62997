"""Marks on invented boards: real makers' forms of date code, written for the day the part was made.

A brand here is no accusation: nothing in this case was found anywhere. Real makers stand in it because only their
date-code rules are known; the invented brands (Tarnhollow, Sallowmere, Quillbrook) have no rule and stay undated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from .kestrel_world import CHANGED_ON, SHARE_AFTER, SHARE_BEFORE, Dice

_LOT = "BCDFGHJKLNPRTVWXZ"
_MONTHS = "123456789ABC"
INVENTED_BRANDS = ("Tarnhollow", "Sallowmere", "Quillbrook", "Harrow Works", "Tallow Plant", "Fennel Cartridge Works")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """One sort of part that fits a place: brand, seat of the brand, and how its mark is written."""

    brand: str
    country: str
    part_number: str
    write: Callable[[date, Dice], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place on a board, and the one or two sorts of part that fit it (the second is the CN brand)."""

    module: str
    function: str
    sorts: tuple[Sort, ...]


def _yyww(made: date) -> str:
    year, week, _ = made.isocalendar()
    return f"{year % 100:02d}{week:02d}"


def _yyww_of_january(made: date) -> str:
    """Year and week where week 1 holds 1 January, as Microchip counts: in 2023 a week ahead of ISO 8601."""
    monday = made - timedelta(days=made.weekday())
    year = (monday + timedelta(days=6)).year
    new_year = date(year, 1, 1)
    first = new_year - timedelta(days=new_year.weekday())
    return f"{year % 100:02d}{(monday - first).days // 7 + 1:02d}"


def _lot(dice: Dice, n: int) -> str:
    return "".join(dice.pick(_LOT) for _ in range(n))


def _trace(dice: Dice) -> str:
    return f"{_lot(dice, 1)}{dice.whole(2, 9)}{_lot(dice, 1)}"


def _ti_long(made: date, dice: Dice) -> str:
    return f"{made.year % 10}{_MONTHS[made.month - 1]}{_lot(dice, 4)}W"


PLACES = (
    Place(module="electronics", function="control processor", sorts=(
        Sort(brand="Texas Instruments", country="US", part_number="TMS320F28335PGFA",
             write=lambda made, dice: f"TMS320F28335PGFA G4A-{_ti_long(made, dice)}"),)),
    Place(module="electronics", function="line transceiver", sorts=(
        Sort(brand="Maxim Integrated", country="US", part_number="MAX3232E",
             write=lambda made, dice: f"MAX3232E EUE +{_yyww(made)[1:]}"),
        Sort(brand="MORNSUN", country="CN", part_number="SCM3425ASA",
             write=lambda made, dice: f"SCM3425ASA RoHS {_yyww(made)}"))),
    Place(module="electronics", function="microcontroller", sorts=(
        Sort(brand="STMicroelectronics", country="CH", part_number="STM32F407VGT6",
             write=lambda made, dice: f"STM32F407VGT6 GQ {_yyww(made)[1:]}"),
        Sort(brand="GigaDevice", country="CN", part_number="GD32F407VGT6",
             write=lambda made, dice: f"GD32F407VGT6 DJ{_yyww(made)}"))),
    Place(module="electronics", function="memory", sorts=(
        Sort(brand="Microchip Technology", country="US", part_number="24FC512",
             write=lambda made, dice: f"24FC512 {_yyww_of_january(made)}{_trace(dice)}"),)),
    Place(module="electronics", function="voltage regulator", sorts=(
        Sort(brand="Tarnhollow", country="XE", part_number="TH4410",
             write=lambda made, dice: f"TH4410 {made.year % 100}W{made.isocalendar()[1]:02d}"),)),
    Place(module="navigation", function="satellite receiver", sorts=(
        Sort(brand="u-blox", country="CH", part_number="NEO-M8N",
             write=lambda made, dice: f"NEO-M8N {_yyww(made)[:2]}/{_yyww(made)[2:]}"),
        Sort(brand="Unicore Communications", country="CN", part_number="UM980",
             write=lambda made, dice: f"UM980 {_yyww(made)}"))),
    Place(module="navigation", function="motion sensor", sorts=(
        Sort(brand="Analog Devices", country="US", part_number="ADXL357",
             write=lambda made, dice: f"ADXL357 #{_yyww(made)} 67{dice.whole(100, 999)}"),
        Sort(brand="Shenzhen Avionics Technology", country="CN", part_number="MGZ2067",
             write=lambda made, dice: f"MGZ2067 3BT{dice.whole(100, 999)} {_yyww(made)}{dice.whole(100, 999)}B"))),
    Place(module="servo", function="angle sensor", sorts=(
        Sort(brand="ams-OSRAM", country="AT", part_number="AS5600",
             write=lambda made, dice: f"AS5600 {_yyww(made)}R{_lot(dice, 2)}"),)),
    Place(module="servo", function="servo drive", sorts=(
        Sort(brand="Quillbrook", country="XB", part_number="QB-12",
             write=lambda made, dice: f"QB-12 SN {dice.whole(10000, 99999)}"),)),
    Place(module="power", function="DC converter", sorts=(
        Sort(brand="Texas Instruments", country="US", part_number="LMZM33606",
             write=lambda made, dice: f"LMZM33606 {_ti_long(made, dice)}"),
        Sort(brand="MORNSUN", country="CN", part_number="URB2405",
             write=lambda made, dice: f"URB2405 RoHS {_yyww(made)}"))),
    Place(module="power", function="power transistor", sorts=(
        Sort(brand="International Rectifier", country="US", part_number="AUIRF4905S",
             write=lambda made, dice: f"AUIRF4905S {_yyww(made)[1:]}P"),)),
    Place(module="communication", function="radio chip", sorts=(
        Sort(brand="Nordic Semiconductor", country="NO", part_number="nRF52840",
             write=lambda made, dice: f"nRF52840 {_yyww(made)}{_lot(dice, 2)}"),)),
    Place(module="communication", function="modem", sorts=(
        Sort(brand="Tarnhollow", country="XE", part_number="TH77",
             write=lambda made, dice: f"TH77 LOT {made.year % 100}-{dice.whole(100, 999)}"),)),
    Place(module="vision", function="camera", sorts=(
        Sort(brand="Sallowmere", country="XE", part_number="SC-4",
             write=lambda made, dice: f"SC-4 {made.year % 100}-{dice.whole(100, 999)}"),)),
)  # fmt: skip


def sort_for(place: Place, built: date, dice: Dice) -> Sort:
    """Which sort of part was put into this place on that day?"""
    if len(place.sorts) == 1:
        return place.sorts[0]
    return place.sorts[dice.chance(SHARE_BEFORE if built < CHANGED_ON else SHARE_AFTER)]


def part_made(built: date, dice: Dice) -> date:
    """When was a part made that was fitted on that day?"""
    return built - timedelta(days=25 + int(dice.exponential(120.0)))
