"""Launches, loads and changes of hands that follow from the world: what was true, and what each source counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from .kestrel_finds import CUSTODY, FIXED_SHIPMENTS, FIXED_TRANSFERS
from .kestrel_sources import Row
from .kestrel_world import AS_OF, World

AIRFRAME_LOADS = (
    (date(2022, 1, 5), 170), (date(2022, 4, 12), 150), (date(2022, 7, 9), 160), (date(2022, 9, 30), 150),
    (date(2022, 12, 5), 130), (date(2023, 2, 15), 60),
)  # fmt: skip
"""True loads of finished A airframes from XA to XB: all 820."""
ENGINE_LOADS = (20, 20, 30, 50, 60, 80, 90, 90, 100, 100, 110, 110, 110, 110, 90, 90)
"""True loads of H2 engines, on the tenth of each month from September 2022 to December 2023: 1,260."""
DECOYS_FROM, DECOY_SHARE = date(2024, 1, 1), 0.30
WATCH_SHARE = 0.85
EXPORT_MONTHS_MISSING = ("2022-07", "2022-12")


def months() -> Iterator[tuple[str, int, int]]:
    """Each month of use as (`2022-01`, year, month)."""
    year, month = 2022, 1
    while (year, month) <= (AS_OF.year, AS_OF.month - 1):
        yield f"{year}-{month:02d}", year, month
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def launched_by_month(world: World) -> dict[str, int]:
    """How many were really launched in each month, decoys left out."""
    return {
        name: sum(n for (day, _), n in world.launched.items() if (day.year, day.month) == (year, month))
        for name, year, month in months()
    }


def launched_in(world: World, year: int) -> int:
    """How many were really launched in a year, decoys left out."""
    return sum(n for (day, _), n in world.launched.items() if day.year == year)


def use_rows(world: World) -> list[Row]:
    """What two counters made of the launches: one close and with decoys named, one that sees the cities only."""
    found: list[Row] = []
    for n, (period, true) in enumerate(launched_by_month(world).items()):
        counted = round(true * (0.94 + 0.12 * world.dice.roll()))
        stopped = round(counted * (0.72 + 0.12 * world.dice.roll()))
        is_kept_back = n in {7, 20}
        found.append({"period": period, "designation": "Kestrel", "source_id": "use-xc", "includes_decoys": "no",
                      "launched": "" if is_kept_back else str(counted), "stopped": "" if is_kept_back else str(stopped),
                      "note": "Not published for this month" if is_kept_back else ""})  # fmt: skip
        if period >= f"{DECOYS_FROM:%Y-%m}":
            every = counted + round(true * DECOY_SHARE)
            found.append({"period": period, "designation": "all types", "source_id": "use-xc", "launched": str(every),
                          "includes_decoys": "yes", "note": "Decoys are in the number"})  # fmt: skip
        seen = round(true * WATCH_SHARE * (0.9 + 0.2 * world.dice.roll()))
        found.append({"period": period, "designation": "Kestrel", "source_id": "use-watch", "launched": str(seen),
                      "includes_decoys": "" if period >= f"{DECOYS_FROM:%Y-%m}" else "no"})  # fmt: skip
    return found


def engine_days() -> list[tuple[date, int]]:
    """The days of the engine loads and the true numbers in them."""
    days = [*(date(2022, m, 10) for m in range(9, 13)), *(date(2023, m, 10) for m in range(1, 13))]
    return list(zip(days, ENGINE_LOADS, strict=True))


def shipment_rows() -> list[Row]:
    """The loads as waybills, the customs of the country between, and the sender's statistics have them."""
    found: list[Row] = []
    for n, (day, true) in enumerate(AIRFRAME_LOADS, start=1):
        common = {"consignor": "Harrow Works", "consignee": "Tallow Plant", "carrier": "Swale Shipping",
                  "notify": "Osier Brokers", "origin_country": "XA", "departure_country": "XA",
                  "destination_country": "XB", "hs_revision": "HS 2022", "unit": "pieces"}  # fmt: skip
        found.append({"shipment_id": f"sh-af-{n}", "shipped": day.isoformat(), **common, "hs_code": "880692",
                      "description": "AIRCRAFT FRAMES KESTREL", "quantity": str(true), "source_id": "waybills",
                      "locator": f"page={n}"})  # fmt: skip
        if f"{day:%Y-%m}" not in EXPORT_MONTHS_MISSING:
            found.append({"shipment_id": f"sh-af-{n}-export", "shipped": f"{day:%Y-%m}", **common, "carrier": "",
                          "notify": "", "consignee": "Lantern Trading", "destination_country": "XD",
                          "hs_code": "843280", "description": "FRAMES FOR CROP SPRAYERS", "quantity": str(true - 10),
                          "value_usd": str(true * 900), "source_id": "export-xa", "locator": f"row={40 + n}",
                          "note": "Perhaps the load of the waybill of this month: other goods and goal"})  # fmt: skip
    for n, (day, true) in enumerate(engine_days(), start=1):
        common = {"consignor": "Harrow Works", "consignee": "Tallow Plant", "carrier": "Ridgeway Freight",
                  "origin_country": "XA", "destination_country": "XB", "hs_revision": "HS 2022",
                  "unit": "pieces"}  # fmt: skip
        found.append({"shipment_id": f"sh-en-{n:02d}", "shipped": day.isoformat(), **common, "notify": "Osier Brokers",
                      "departure_country": "XA", "hs_code": "840790", "description": "ENGINES H2",
                      "quantity": str(true), "source_id": "waybills", "locator": f"page={8 + n}"})  # fmt: skip
        found.append({"shipment_id": f"sh-en-{n:02d}-transit", "shipped": (day + timedelta(days=3)).isoformat(),
                      **common, "departure_country": "XD", "hs_code": "841370", "description": "PUMP MOTORS",
                      "quantity": str(true * 9 // 10), "value_usd": str(true * 310), "source_id": "customs-xd",
                      "locator": f"row={1000 + n}"})  # fmt: skip
    return [*found, *FIXED_SHIPMENTS]


def transfer_rows(world: World) -> list[Row]:
    """Changes of hands: seen where a waybill says so, inferred where only a wreck does."""
    found: list[Row] = []
    for n, (day, true) in enumerate(AIRFRAME_LOADS, start=1):
        found.append({"transfer_id": f"tr-af-{n}", "what": "Kestrel airframes", "shipment_id": f"sh-af-{n}",
                      "from_party": "Harrow Works", "to_party": "Tallow Plant", "on": day.isoformat(),
                      "shown_as": "observed", "quantity": str(true), "source_id": "waybills",
                      "locator": f"page={n}"})  # fmt: skip
    for n, (day, true) in enumerate(engine_days(), start=1):
        found.append({"transfer_id": f"tr-en-{n:02d}", "what": "engines H2", "shipment_id": f"sh-en-{n:02d}",
                      "from_party": "Harrow Works", "to_party": "Tallow Plant", "on": day.isoformat(),
                      "shown_as": "observed", "quantity": str(true), "source_id": "waybills",
                      "locator": f"page={8 + n}"})  # fmt: skip
    for u in [u for u in world.units if u.is_documented and u.block.name == "m"][:5]:
        found.append({"transfer_id": f"tr-{u.item_id}", "what": "one Kestrel airframe", "item_id": u.item_id,
                      "from_party": "Harrow Works", "to_party": "Tallow Plant", "on": f"../{u.used_on:%Y-%m}",
                      "shown_as": "inferred", "quantity": "1", "source_id": f"insp-{u.known_on.year}",
                      "note": "Inferred from the serial: which load it came in is not known"})  # fmt: skip
    return [*found, *FIXED_TRANSFERS]


def custody_rows(world: World) -> list[Row]:
    """What happened to the things in the group's hands."""
    found: list[Row] = []
    for n, u in enumerate([u for u in world.units if u.is_documented][:16]):
        source = f"insp-{u.known_on.year}"
        later = u.used_on + timedelta(days=1 + n % 4)
        common = {"item_id": u.item_id, "source_id": source}
        found.append({"event_id": f"cu-{u.item_id}", **common, "event": "obtained", "on": u.used_on.isoformat(),
                      "from": "disposal team", "to": "examiner ex-1", "place": u.place})  # fmt: skip
        found.append({"event_id": f"cu-{u.item_id}-b", **common, "event": "handed over", "on": later.isoformat(),
                      "from": "examiner ex-1", "to": "evidence room", "place": "north port"})  # fmt: skip
        if n % 5 == 0:
            found.append({"event_id": f"cu-{u.item_id}-c", **common, "event": "sampled",
                          "on": (later + timedelta(days=6)).isoformat(), "from": "evidence room",
                          "to": "Institute of Marks", "place": "north port", "tlp": "GREEN"})  # fmt: skip
    return [*found, *CUSTODY]
