"""A blurred place is always the same, never further than the radius, however often it is asked."""

from __future__ import annotations

import math
import random

import polars as pl
import pytest

from taggant.model.blurring import blur_body, blur_frame, blurred, radius_at


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance on a sphere of 6,371 km (haversine)."""
    (a, b), (c, d) = (tuple(map(math.radians, place)) for place in (one, other))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))


@pytest.mark.parametrize("radius_km", [0.5, 1, 10, 50, 500])
def test_the_true_place_is_within_the_radius(radius_km: float) -> None:
    """2,000 places over the whole globe, poles and date line too (a thousandth for the sphere, four decimals)."""
    rng = random.Random(f"blur {radius_km}")
    places = [(rng.uniform(-90, 90), rng.uniform(-180, 180)) for _ in range(2_000)]
    places += [(90.0, 0.0), (-90.0, 10.0), (0.0, 180.0), (0.0, -180.0), (0.0, 0.0), (89.999, -179.999)]
    for place in places:
        assert _km(place, blurred(*place, radius_km)) <= radius_km * 1.001 + 0.02


def test_it_hides_the_place_and_cannot_be_averaged() -> None:
    """All places of one cell give one answer: a thousand exports of as many slightly different typings say no more."""
    rng = random.Random(7)
    middle = blurred(50.0012, 36.2304, 10)
    near = {
        blurred(middle[0] + rng.uniform(-0.03, 0.03), middle[1] + rng.uniform(-0.03, 0.03), 10) for _ in range(1_000)
    }
    assert near == {middle}
    assert blurred(*middle, 10) == middle
    shown = {blurred(50 + rng.uniform(0, 1), 36 + rng.uniform(0, 1), 10) for _ in range(5_000)}
    assert len(shown) <= 60, "a square degree has some 45 cells of 14 × 14 km"


def test_levels_and_no_radius() -> None:
    """Blurred below AMBER only; a radius of 0 is off."""
    assert [radius_at(level, 10) for level in ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")] == [10, 10, 0, 0, 0]
    assert radius_at("CLEAR", 0) == 0
    assert blurred(50.0012, 36.2304, 0) == (50.0012, 36.2304)


def test_rows_and_tables() -> None:
    """Half a place is not shown; the stated radius grows to the blur; other tables and empty rows stay."""
    body = blur_body("incident", {"incident_id": "i", "lat": "50.0012", "lon": "36.2304", "radius_km": "0.2"}, 10)
    assert body["radius_km"] == "10"
    assert (float(str(body["lat"])), float(str(body["lon"]))) == blurred(50.0012, 36.2304, 10)
    assert blur_body("incident", {"lat": "1", "lon": "2", "radius_km": "40"}, 10)["radius_km"] == "40"
    assert blur_body("incident", {"incident_id": "i", "lat": "50.0012"}, 10) == {"incident_id": "i"}
    assert blur_body("item", {"item_id": "i"}, 10) == {"item_id": "i"}
    frame = pl.DataFrame(
        {"incident_id": ["a", "b"], "lat": [50.0012, None], "lon": [36.2304, None], "radius_km": [None, 1.0]}
    )
    shown = blur_frame("incident", frame, 10)
    assert shown["lat"].to_list() == [blurred(50.0012, 36.2304, 10)[0], None]
    assert shown["radius_km"].to_list() == [10.0, 1.0]
    assert blur_frame("incident", frame.clear(), 10).is_empty()
