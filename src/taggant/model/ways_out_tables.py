"""Tables about what leaves a case and what must not: rows withheld, rows released, rows destroyed."""

from __future__ import annotations

from taggant.model.tables import Column, Kind, TableSchema

_BY = Column("by", Kind.TEXT, "The person's handle in this case.", is_required=True)
_AT = Column("at", Kind.INSTANT, "When it was decided (UTC).", is_required=True)
_OF_TABLE = Column("of_table", Kind.ID, "Table of the row.", is_required=True)
_OF_KEY = Column("of_key", Kind.ID, "Key of the row.", is_required=True)
_RECORDS = Column("records", Kind.LIST, "Ids of the records.", is_required=True)

WITHHOLDING = TableSchema(
    name="withholding",
    key=("of_table", "of_key"),
    meaning="A row that is shown at no level, whatever its own: only the salted ids of its records leave the case.",
    columns=(_OF_TABLE, _OF_KEY, Column("why", Kind.TEXT, "Why.", is_required=True), _BY, _AT),
)

RELEASE = TableSchema(
    name="release",
    key=("of_table", "of_key"),
    meaning="Records a row once had, and the level they count as from now on: a level that was a slip closes nothing more.",
    columns=(
        _OF_TABLE,
        _OF_KEY,
        _RECORDS,
        Column("level", Kind.TEXT, "The level they count as.", is_required=True),
        Column("why", Kind.TEXT, "Why.", is_required=True),
        _BY,
        _AT,
    ),
)

PURGE = TableSchema(
    name="purge",
    key=("purge_id",),
    meaning="Records and files whose bytes were destroyed, by whom and why; their ids stay, and so does this.",
    columns=(
        Column("purge_id", Kind.ID, "Name of the purge.", is_required=True),
        Column("of_table", Kind.ID, "Table of the row.", is_required=True),
        Column("of_key", Kind.ID, "Key of the row; empty: the key said something itself, and was destroyed too."),
        _RECORDS,
        Column("exhibits", Kind.LIST, "The files destroyed, sha256:…."),
        Column("instead", Kind.LIST, "What stands for some of them without the row: old=new."),
        Column("level", Kind.TEXT, "The most restrictive level the records ever had.", is_required=True),
        Column("why", Kind.TEXT, "Why.", is_required=True),
        _BY,
        _AT,
    ),
)
