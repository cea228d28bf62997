"""Derived tables of identification beside the first ones: readings of photographs, and cues of re-marking."""

from __future__ import annotations

from taggant.model.tables import Column, Kind, TableSchema

READINGS = (
    TableSchema(
        name="reading",
        key=("reading_id",),
        meaning="What a reader saw on a photograph: a line or a barcode, with its place; a suggestion until it is judged.",
        columns=(
            Column(
                "reading_id",
                Kind.ID,
                "Begins with the digest of the photograph; the same photograph read by the same method has the same names.",
                is_required=True,
            ),
            Column("exhibit", Kind.ID, "The photograph, sha256:….", is_required=True, refers="exhibit"),
            Column("file", Kind.TEXT, "Its name as received."),
            Column("item_id", Kind.ID, "The item it shows, as photos.csv says.", refers="item"),
            Column("component_id", Kind.ID, "The component it shows, as photos.csv says.", refers="component"),
            Column("state", Kind.LEVEL, "read, or not read.", levels=("read", "not read"), is_required=True),
            Column("sort", Kind.LEVEL, "A line of letters, or a barcode.", levels=("line", "barcode")),
            Column("block", Kind.INTEGER, "Which group of lines, from 0, in the order of reading."),
            Column("line", Kind.INTEGER, "Which line of it, from 0."),
            Column("text", Kind.TEXT, "What is suggested."),
            Column("first_text", Kind.TEXT, "What the first reader said, as it said it; for a barcode its symbology."),
            Column("second_text", Kind.TEXT, "What the second reader said; for a barcode its fields."),
            Column("script", Kind.TEXT, "Script of the first letter, ISO 15924."),
            Column("confidence", Kind.DECIMAL, "The reader's own figure, 0 to 1; no probability."),
            Column("region", Kind.LOCATOR, "Where on the upright photograph."),
            Column("reader", Kind.TEXT, "Method and version."),
            Column("why", Kind.TEXT, "For what is not read: why."),
            Column("source_id", Kind.ID, "The source of the photograph.", refers="source"),
        ),
    ),
    TableSchema(
        name="remark_cue",
        key=("component_id", "kind"),
        meaning="What on a part does not fit together: a cue that it may have been marked anew, never a verdict.",
        columns=(
            Column("component_id", Kind.ID, "The component.", is_required=True, refers="component"),
            Column("item_id", Kind.ID, "The item it was found in.", is_required=True, refers="item"),
            Column("marking", Kind.TEXT, "The marking as stated.", is_required=True),
            Column(
                "kind",
                Kind.LEVEL,
                "What does not fit.",
                levels=("before launch", "format of another maker"),
                is_required=True,
            ),
            Column("text", Kind.TEXT, "What was seen, in one clause.", is_required=True),
            Column("harmless", Kind.LIST, "What else would look so.", is_required=True),
            Column("source_id", Kind.ID, "The source of the component.", refers="source"),
        ),
    ),
)
