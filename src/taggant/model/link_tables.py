"""Links between cases: a person says that a thing here has to do with a thing there, and why."""

from __future__ import annotations

from taggant.model.tables import Column, Kind, TableSchema

RELATIONS = ("same", "part of", "same lot", "same maker", "same party", "related")

CASE_LINK = TableSchema(
    name="case_link",
    key=("thing", "other"),
    meaning="A thing of this case and a thing of another that have to do with each other, as a person says, and why.",
    columns=(
        Column("thing", Kind.ID, "The thing here: table/key.", is_required=True),
        Column("other", Kind.ID, "The thing there by its full name: uuid/table/key.", is_required=True),
        Column("relation", Kind.LEVEL, "What they have to do with each other.", levels=RELATIONS, is_required=True),
        Column("other_case", Kind.TEXT, "What the other case is called, as its file says."),
        Column("was_seen", Kind.YESNO, "Whether the other thing was looked up in its case when this was said."),
        Column("about", Kind.LIST, "The rows here that this names, table:key: what withholds them withholds this."),
        Column("why", Kind.TEXT, "Why, in the person's words.", is_required=True),
        Column("by", Kind.TEXT, "The person's handle in this case.", is_required=True),
        Column("at", Kind.INSTANT, "When it was said (UTC).", is_required=True),
    ),
)
