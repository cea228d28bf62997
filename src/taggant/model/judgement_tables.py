"""The one table of judgements: what a person decided on anything the machine proposed."""

from __future__ import annotations

from taggant.model.tables import Column, Kind, TableSchema

VERDICTS = ("confirm", "reject", "replace", "unsure")

JUDGEMENT = TableSchema(
    name="judgement",
    key=("kind", "suggestion"),
    meaning="A person's decision on something the machine proposed; a later one supersedes it, nothing is edited.",
    columns=(
        Column("kind", Kind.ID, "Which sort of suggestion (model/suggestions).", is_required=True),
        Column("suggestion", Kind.ID, "Key of the suggestion in its table.", is_required=True),
        Column(
            "verdict",
            Kind.LEVEL,
            "confirm: it is right; reject: it is not; replace: `value` holds instead; unsure: looked at, cannot be told.",
            levels=VERDICTS,
            is_required=True,
        ),
        Column("value", Kind.TEXT, "For replace: what holds instead."),
        Column(
            "suggested",
            Kind.TEXT,
            "What was proposed when this was decided: a confirmation of it says nothing about another proposal.",
        ),
        Column("about", Kind.LIST, "The rows the suggestion rests on, table:key: what withholds them withholds this."),
        Column("why", Kind.TEXT, "Why, in the person's words."),
        Column("by", Kind.TEXT, "The person's handle in this case.", is_required=True),
        Column("at", Kind.INSTANT, "When it was decided (UTC).", is_required=True),
    ),
)
