"""Tables about exhibits: what came in what, what a file says line by line, and which pictures are nearly the same."""

from __future__ import annotations

from taggant.model.tables import Column, Kind, TableSchema

EXHIBIT_PART = TableSchema(
    name="exhibit_part",
    key=("part_of", "member"),
    meaning="One member of an archive, message or web archive, by the name it has there.",
    columns=(
        Column("part_of", Kind.ID, "The container, sha256:….", is_required=True, refers="exhibit"),
        Column("member", Kind.TEXT, "Its name in the container; never a path of ours.", is_required=True),
        Column("exhibit_id", Kind.ID, "The member itself, sha256:….", is_required=True, refers="exhibit"),
        Column("kind", Kind.LEVEL, "What it is there.", levels=("member", "attachment", "message", "response")),
        Column("url", Kind.URL, "Of a response: the address it was given for."),
        Column("retrieved", Kind.TEXT, "Of a response: when (UTC)."),
    ),
)

EXHIBIT_DERIVED = (
    TableSchema(
        name="exhibit_reading",
        key=("exhibit_id",),
        meaning="What was read of each exhibit, how, and what was not.",
        columns=(
            Column("exhibit_id", Kind.ID, "The exhibit, sha256:….", is_required=True, refers="exhibit"),
            Column("file", Kind.TEXT, "Its name as received."),
            Column("media_type", Kind.TEXT, "What it is, by content."),
            Column(
                "state",
                Kind.LEVEL,
                "read: to its end; partly: what is missing is in `notes`; refused: it was too much, or is damaged; not read: of a kind that is not read; not held: its file is not here.",
                levels=("read", "partly", "refused", "not read", "not held"),
                is_required=True,
            ),
            Column("method", Kind.TEXT, "The reader and its version."),
            Column("n_pages", Kind.INTEGER, "Pages, or sheets of a workbook, as the file has them."),
            Column("n_lines", Kind.INTEGER, "Lines in `exhibit_text`."),
            Column("n_chars", Kind.INTEGER, "Letters in them."),
            Column("encoding", Kind.TEXT, "How the letters were saved."),
            Column("language", Kind.LANGUAGE, "Its language; empty: cannot be told."),
            Column("language_why", Kind.TEXT, "Why no language is told."),
            Column("script", Kind.TEXT, "The script of most of its letters."),
            Column("notes", Kind.LIST, "What was left out, and why."),
            Column("width", Kind.INTEGER, "Of an image.", unit="pixel"),
            Column("height", Kind.INTEGER, "Of an image.", unit="pixel"),
            Column("taken", Kind.TEXT, "When the camera says it was taken, as written there: no time zone is known."),
            Column("camera", Kind.TEXT, "Maker and model, as the camera says."),
            Column("lat", Kind.DECIMAL, "Where the camera says it was, WGS 84.", unit="degree"),
            Column("lon", Kind.DECIMAL, "Where the camera says it was, WGS 84.", unit="degree"),
            Column(
                "hashes",
                Kind.LIST,
                "Perceptual hashes of the picture, upright and turned by a quarter, a half, three quarters.",
            ),
        ),
    ),
    TableSchema(
        name="exhibit_text",
        key=("exhibit_id", "n"),
        meaning="The text of each exhibit, line by line, with the place of each line: locators page=, char= and xywh= lead here.",
        columns=(
            Column("exhibit_id", Kind.ID, "The exhibit, sha256:….", is_required=True, refers="exhibit"),
            Column("n", Kind.INTEGER, "0 for the first line, in reading order.", is_required=True),
            Column("page", Kind.INTEGER, "Page, or sheet of a workbook, from 1; empty: the file has none."),
            Column("text", Kind.TEXT, "The line as it stands.", is_required=True),
            Column(
                "char_from",
                Kind.INTEGER,
                "Its first letter, counted from 0 over all lines joined by a line break.",
                is_required=True,
            ),
            Column("char_until", Kind.INTEGER, "The first letter after it.", is_required=True),
            Column(
                "left_pct",
                Kind.DECIMAL,
                "Left end of the line, in percent of the upright page's width.",
                unit="percent",
            ),
            Column("top_pct", Kind.DECIMAL, "Upper end, in percent of its height.", unit="percent"),
            Column("width_pct", Kind.DECIMAL, "Width.", unit="percent"),
            Column("height_pct", Kind.DECIMAL, "Height.", unit="percent"),
        ),
    ),
    TableSchema(
        name="near_duplicate",
        key=("exhibit_id", "other_exhibit_id"),
        meaning="Two pictures that are nearly the same, perhaps turned: one find, not two.",
        columns=(
            Column("exhibit_id", Kind.ID, "One picture.", is_required=True, refers="exhibit"),
            Column("other_exhibit_id", Kind.ID, "The other.", is_required=True, refers="exhibit"),
            Column(
                "distance",
                Kind.INTEGER,
                "Bits of 64 in which their hashes differ, in the turn in which they differ least.",
                is_required=True,
            ),
            Column(
                "turned_degrees",
                Kind.INTEGER,
                "By how much the other is turned against it, counter-clockwise.",
                unit="degree",
            ),
        ),
    ),
)
