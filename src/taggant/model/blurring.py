"""Places shown no closer than a radius: the same place always gives the same blurred one.

Invariant: a blurred place is the middle of a fixed cell of the globe. It follows from the place and the radius alone,
so that however often something is handed over, nothing can be averaged out of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from taggant.model.typed_tables import TLP

if TYPE_CHECKING:
    import polars as pl

    from taggant.model.record import Body

KM_A_DEGREE = 111.195
"""Of latitude, on a sphere of 6,371 km."""

_PLACES: Mapping[str, tuple[str, str, str | None]] = {
    "incident": ("lat", "lon", "radius_km"),
    "exhibit_reading": ("lat", "lon", None),
}
"""Table → its columns of latitude, longitude, and how far off the point may be."""

_EXACT_FROM = "AMBER"


def radius_at(level: str, blur_km: float) -> float:
    """How far are places blurred at this level, in a case that sets this radius? In kilometres; 0: not at all.

    Parameters
    ----------
    level : str
        TLP level of what is handed over.
    blur_km : float

    Returns
    -------
    float

    Notes
    -----
    *Assumes:* who may see AMBER may know the place.
    *Not for:* places in words.

    Examples
    --------
    >>> radius_at("GREEN", 10), radius_at("AMBER", 10)
    (10.0, 0.0)
    """
    return float(blur_km) if level in TLP and TLP.index(level) < TLP.index(_EXACT_FROM) else 0.0


def blurred(lat: float, lon: float, radius_km: float) -> tuple[float, float]:
    """Which place stands for this one, so that the true one is anywhere within the radius around it?

    The middle of the cell of side ``s = r √2`` that holds it: rows of ``s / 111.195`` degrees of latitude from the
    south pole; in each row, cells of at most ``s`` kilometres at its wider edge, a whole number of them around it.

    Parameters
    ----------
    lat, lon : float
        Degrees, WGS 84.
    radius_km : float
        r; 0 gives the place itself.

    Returns
    -------
    tuple of float
        Latitude and longitude in degrees, to four decimals.

    Notes
    -----
    *Assumes:* a sphere; its error is far below a radius of a kilometre.
    *Not for:* several finds at one spot: all of them are shown in the same middle.

    Examples
    --------
    >>> blurred(50.0012, 36.2304, 10) == blurred(50.0013, 36.2299, 10)
    True
    """
    if radius_km <= 0:
        return lat, lon
    side = radius_km * math.sqrt(2)
    n_rows = max(1, math.ceil(180 * KM_A_DEGREE / side))
    height = 180 / n_rows
    row = min(n_rows - 1, math.floor((lat + 90) / height))
    south, north = -90 + row * height, -90 + (row + 1) * height
    nearest = 0.0 if south <= 0 <= north else min(abs(south), abs(north))
    around_km = 360 * KM_A_DEGREE * math.cos(math.radians(nearest))
    n_cells = max(1, math.ceil(around_km / side))
    cell = math.floor(((lon + 180) % 360) / (360 / n_cells))
    return round((south + north) / 2, 4), round(-180 + (cell + 0.5) * 360 / n_cells, 4)


def has_place(table: str, body: Mapping[str, Any] | None) -> bool:
    """Whether this row states a point on the map."""
    columns = _PLACES.get(table)
    return columns is not None and body is not None and any(body.get(name) is not None for name in columns[:2])


def blur_body(table: str, body: Body, radius_km: float) -> Body:
    """How does this row look with its place blurred? The row itself when there is none, or no radius."""
    if radius_km <= 0 or not has_place(table, body):
        return body
    lat_name, lon_name, off_name = _PLACES[table]
    try:
        lat, lon = blurred(float(str(body.get(lat_name))), float(str(body.get(lon_name))), radius_km)
    except ValueError:  # one of the two is missing: half a place is none, and is not shown
        return {name: value for name, value in body.items() if name not in (lat_name, lon_name)}
    made: Body = {**body, lat_name: f"{lat}", lon_name: f"{lon}"}
    if off_name is not None:
        made[off_name] = f"{max(float(str(body.get(off_name) or 0)), radius_km):g}"
    return made


def blur_frame(table: str, frame: pl.DataFrame, radius_km: float) -> pl.DataFrame:
    """How does this table look with its places blurred?"""
    if radius_km <= 0 or table not in _PLACES or frame.is_empty():
        return frame
    names = [name for name in _PLACES[table] if name is not None and name in frame.columns]
    rows: list[Any] = []
    for row in frame.select(names).to_dicts():
        body = blur_body(table, {k: None if v is None else str(v) for k, v in row.items()}, radius_km)
        rows.append({name: None if (v := body.get(name)) is None else float(str(v)) for name in names})
    import polars as pl

    return frame.with_columns(pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64())))
