"""How evidence came to us: from whom, when, under which level.

Invariant: what nobody says is not recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

from taggant.errors import InputError, UnknownName
from taggant.model.record import Body
from taggant.model.typed_tables import TLP
from taggant.writing.edtf import parse_edtf


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What a person says of the files they add.

    Attributes
    ----------
    obtained_from, on, place : str or None
        From whom, on which day (EDTF), where: an event of custody.
    tlp : str or None
        Level of the exhibits; None: the case's.
    """

    obtained_from: str | None = None
    on: str | None = None
    place: str | None = None
    tlp: str | None = None

    def __post_init__(self) -> None:
        if self.tlp is not None and self.tlp not in TLP:
            raise UnknownName("TLP level", self.tlp, TLP)
        if self.on is not None and parse_edtf(self.on).from_on is None:
            raise InputError(f"{self.on!r} has no first day", next="Give a day, month or year: 2024-03-17")

    @property
    def is_custody(self) -> bool:
        """Whether an event of custody is to be recorded."""
        return any(v is not None for v in (self.obtained_from, self.on, self.place))

    def custody(self, exhibit_id: str, *, author: str) -> tuple[str, Body]:
        """Give key and row of the event by which this exhibit came to us."""
        key = f"obtained-{exhibit_id.removeprefix('sha256:')[:16]}"
        body: Body = {
            "event_id": key, "exhibit": exhibit_id, "event": "obtained", "on": self.on, "from": self.obtained_from,
            "to": author, "place": self.place, "tlp": self.tlp,
        }  # fmt: skip
        return key, {name: value for name, value in body.items() if value is not None}
