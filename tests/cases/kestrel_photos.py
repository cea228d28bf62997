"""The photographs of the invented case: boards of some of its wrecks, drawn with the marks its tables state.

Invariant: a photograph shows marks of components of one item, line by line as its row has them.
"""

from __future__ import annotations

from collections.abc import Sequence

from .kestrel_sources import Row
from .photographs.drawing import Difficulty, Drawn, difficulties, draw

# item, difficulty, quarter turns clockwise
_TAKEN = (
    ("k-01", "easy", 0), ("k-12", "easy", 1), ("k-12", "middling", 0), ("k-35", "middling", 2),
    ("k-35", "hard", 1),
)  # fmt: skip
_CODED = {("k-12", "middling"), ("k-35", "middling")}


def _lines(marking: str) -> tuple[str, ...]:
    words = marking.split(" ")
    return tuple(words) if len(words) > 1 else (marking,)


def photographs(items: Sequence[Row], components: Sequence[Row]) -> list[tuple[Row, Drawn]]:
    """Each row of photos.csv with the photograph it names."""
    ways: dict[str, Difficulty] = {d.name: d for d in difficulties()}
    serial_of = {row["item_id"]: row["serial_as_marked"] for row in items}
    done: list[tuple[Row, Drawn]] = []
    for item, name, quarters in _TAKEN:
        marked = [c for c in components if c["item_id"] == item and c["marking"]]
        has_code = (item, name) in _CODED
        shown = marked[: 2 if has_code else 3]
        packages = [_lines(c["marking"]) for c in shown]
        if serial_of.get(item):
            packages.append((serial_of[item],))
        code = None
        if has_code:
            part = marked[2]
            code = f"[)>\x1e06\x1d1P{part['part_number_stated']}\x1d1TKES{item[2:]}7\x1e\x04"
        drawn = draw(ways[name], f"{item}-{name}", packages, code=code, turn=90 * quarters, seed=f"kestrel:{item}")
        source = shown[0]["source_id"]
        row = {"file": f"photos/{drawn.name}.jpg", "item_id": item, "source_id": source,
               "note": f"drawn by us, {name}; nothing was photographed"}  # fmt: skip
        done.append((row, drawn))
    return done
