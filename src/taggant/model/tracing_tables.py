"""Tables of the room tracing: listings as received, and what is derived from them and from trade."""

from __future__ import annotations

from taggant.model.tables import Column, Kind, TableSchema

LISTING = TableSchema(
    name="listing",
    key=("list_id", "version", "entity"),
    meaning="An entry of a sanction or control list, read from the list as received, with its version.",
    columns=(
        Column("list_id", Kind.ID, "Short name of the list (reference/list_publishers, or your own).", is_required=True),
        Column("version", Kind.TEXT, "sha256:… of the file as received.", is_required=True),
        Column("version_on", Kind.DAY, "The day the list stood so."),
        Column("entity", Kind.ID, "The entry's own number or name in the list.", is_required=True),
        Column("kind", Kind.LEVEL, "What is listed; empty: the list does not say.", levels=("organisation", "person", "vessel", "aircraft")),
        Column("name", Kind.TEXT, "Its first name.", is_required=True),
        Column("names", Kind.LIST, "Every name and alias."),
        Column("countries", Kind.LIST, "Countries, ISO 3166 alpha-2, or as the list has them."),
        Column("identifiers", Kind.LIST, "Numbers, scheme:value."),
        Column("programmes", Kind.LIST, "Programmes or part lists it is on."),
        Column("listed_on", Kind.DAY, "Since when, as the list says."),
        Column("delisted_on", Kind.DAY, "Until when, as the list says."),
        Column("row", Kind.INTEGER, "Row (or entry) of the file: sha256:…#row=N."),
    ),
)  # fmt: skip
