"""Derived table of the lines of evidence about how many, each brought to one day and one scope."""

from __future__ import annotations

from taggant.model.tables import Column, Kind, TableSchema

LINES = (
    TableSchema(
        name="evidence_line",
        key=("scope", "line"),
        meaning="What each line of evidence says of how many had been made of one scope by one day; lines are never added.",
        columns=(
            Column("scope", Kind.TEXT, "Of what.", is_required=True),
            Column(
                "line",
                Kind.TEXT,
                "Whose line: serials, use, claims of one root, a plan; or what they allow together.",
                is_required=True,
            ),
            Column(
                "kind",
                Kind.LEVEL,
                "What sort of line.",
                levels=("serials", "use", "claims", "plan", "pool", "bounds"),
                is_required=True,
            ),
            Column("by_on", Kind.DAY, "The day it is brought to."),
            Column("low", Kind.DECIMAL, "At least so many; empty: it does not say."),
            Column("point", Kind.DECIMAL, "The single number, where it has one."),
            Column("high", Kind.DECIMAL, "At most so many; empty: it does not say."),
            Column("reading", Kind.TEXT, "How it comes to that, or why it cannot tell."),
            Column("rests_on", Kind.LIST, "Rows it rests on, table:key."),
        ),
    ),
)
