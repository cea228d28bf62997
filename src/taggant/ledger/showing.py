"""What of this ledger may be shown at a level: the one answer every output asks, page, file and bundle alike.

Invariant: what a person withheld is shown at no level; what a person released counts as the level it was released to;
of everything else the most restrictive level it ever had holds (`model.clearance`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from taggant.ledger import store
from taggant.ledger.ledger import Ledger
from taggant.ledger.reading import AsOf
from taggant.ledger.rows import body_of
from taggant.model.blurring import blur_frame, has_place, radius_at
from taggant.model.clearance import Clearance, Past, cleared, row_key
from taggant.model.typed_tables import TYPED


@dataclass(frozen=True, slots=True)
class Showing:
    """What may be shown of a ledger at a level.

    Attributes
    ----------
    clearance : Clearance
        By row; `clearance.tables` are the live rows that may be shown.
    records : frozenset of str
        Ids of the live records that may be shown, hex.
    blur_km : float
        Places are shown no closer than this; `clearance.tables` are blurred already.
    placed : frozenset of (table, key)
        Rows whose place is blurred: their records as stated may not be shown, because those say it.
    typed_files : frozenset of str
        Exhibits (`sha256:…`) whose bytes stay in the case, although their row may be shown: a typed file holds every
        row that was typed in it. Empty when nothing is withheld or blurred.
    """

    clearance: Clearance
    records: frozenset[str]
    blur_km: float = 0.0
    placed: frozenset[tuple[str, str]] = frozenset()
    typed_files: frozenset[str] = frozenset()

    @property
    def level(self) -> str:
        """The level."""
        return self.clearance.level

    @property
    def shows_words(self) -> bool:
        """Whether messages, authors and tools of commits may be shown: they have no level of their own."""
        return self.clearance.is_open and not self.placed

    @property
    def exhibits(self) -> frozenset[str]:
        """The exhibits whose bytes may leave the case (`sha256:…`)."""
        return frozenset(self.clearance.tables["exhibit"]["exhibit_id"]) - self.typed_files

    def shows(self, table: str, key: str, record_id: str) -> bool:
        """Whether the content of this record may be shown; else only its id may."""
        if (table, key) in self.placed:
            return False
        return record_id in self.records or (table, key) not in self.clearance.closed


def shown_at(ledger: Ledger, *, level: str, case_level: str, as_of: AsOf = None, blur_km: float = 0.0) -> Showing:
    """What of this ledger may be shown at this level?

    Parameters
    ----------
    ledger : Ledger
    level : str
        The highest TLP level shown.
    case_level : str
        Of rows without a level of their own.
    as_of : date, datetime or str, optional
        The rows that were live then; what is withheld and released is as it is now.
    blur_km : float
        The radius the case sets (`blur_km` of its file); it holds below AMBER (`model.blurring`).

    Returns
    -------
    Showing

    Raises
    ------
    UnknownName
        A level that is none of TLP 2.0.
    EvidenceBroken
        A record cannot be read.

    Notes
    -----
    *Assumes:* the live rows fit into memory.
    *Not for:* words inside free text of a row that may itself be shown.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as case, Ledger.create(Path(case)) as ledger:
    ...     shown_at(ledger, level="GREEN", case_level="CLEAR").shows_words
    True
    """
    typed = {name: ledger.snapshot(name, as_of=as_of).frame.collect() for name in TYPED}
    past = list(past_records(ledger, as_of=as_of))
    withheld = [(str(r.body["of_table"]), str(r.body["of_key"])) for r in ledger.live("withholding")]
    radius = radius_at(level, blur_km)
    placed: frozenset[tuple[str, str]] = frozenset()
    if radius > 0:
        stated = [*past, *(("incident", row_key(TYPED["incident"], r), r) for r in typed["incident"].to_dicts())]
        placed = frozenset((table, key) for table, key, body in stated if has_place(table, body))
    found = cleared(
        typed, case_level=case_level, level=level, past=past, past_closes=as_of is not None, withheld=withheld
    )
    found = replace(found, tables={name: blur_frame(name, frame, radius) for name, frame in found.tables.items()})
    ids = {str(i) for frame in found.tables.values() if "record_id" in frame.columns for i in frame["record_id"]}
    imports = [*typed["import"].to_dicts(), *(body for table, _, body in past if table == "import")]
    typed_files = {str(body["exhibit_id"]) for body in imports if body and body.get("exhibit_id")}
    stays = found.hidden or found.closed or placed
    return Showing(found, frozenset(ids), radius, placed, frozenset(typed_files) if stays else frozenset())


def past_records(ledger: Ledger, *, as_of: AsOf = None) -> Iterator[Past]:
    """Which records does the ledger hold beside the live ones?

    Parameters
    ----------
    ledger : Ledger
    as_of : date, datetime or str, optional
        When given, every record is yielded, those made later too.

    Yields
    ------
    (table, key, body)
        Superseded and withdrawn rows; withdrawals themselves say nothing. A released record has the level it was
        released to. Of a purged one its level is all that is left; None: nobody knows even that.

    Raises
    ------
    EvidenceBroken
        A record cannot be read.

    Notes
    -----
    *Assumes:* a record given twice does no harm: it is asked only what was above a level.
    *Not for:* the order in which they were stated.
    """
    levels = _stated_since(ledger)
    record, tip = store.record.c, store.tip.c
    wanted = sa.select(record.table, record.key, record.record_id, record.canonical).where(
        sa.or_(sa.not_(record.is_withdrawal), record.canonical.is_(None))
    )
    if as_of is None:
        wanted = wanted.where(record.n.not_in(sa.select(tip.record_n).where(sa.not_(tip.is_withdrawal))))
    with ledger.opened.reading() as connection:
        rows = connection.execute(wanted.order_by(record.n)).all()
    for table, key, record_id, stored in rows:
        if table not in TYPED:
            continue
        level = levels.get(record_id.hex())
        if stored is None:
            yield table, key, None if level is None else {"tlp": level}
            continue
        body = body_of(table, key, stored)
        if body is not None:
            yield table, key, body if level is None else {**body, "tlp": level}


def _stated_since(ledger: Ledger) -> Mapping[str, str]:
    """Record id → the level a release or a purge says it counts as."""
    levels: dict[str, str] = {}
    for table in ("purge", "release"):
        for row in ledger.live(table):
            records = row.body.get("records")
            levels |= dict.fromkeys(records if isinstance(records, list) else (), str(row.body["level"]))
    return levels
