"""Derived tables of serial runs: where they seem to begin again, and the serial–date curve."""

from __future__ import annotations

from taggant.model.tables import Column, Kind, TableSchema

CURVES = (
    TableSchema(
        name="run_restart",
        key=("block_id",),
        meaning="Runs of serials that seem to begin again, and the day from which items of the second part are known; to be judged.",
        columns=(
            Column("block_id", Kind.TEXT, "The run.", is_required=True),
            Column("name", Kind.TEXT, "Its letters as written."),
            Column("designation", Kind.TEXT, "What the items are called."),
            Column("from_on", Kind.DAY, "Items known from this day on are the second part.", is_required=True),
            Column("n_before", Kind.INTEGER, "Numbers of the first part.", unit="items"),
            Column("n_after", Kind.INTEGER, "Numbers of the second part.", unit="items"),
            Column("largest_before", Kind.INTEGER, "The largest number of the first part."),
            Column("smallest_after", Kind.INTEGER, "The smallest number of the second."),
            Column(
                "within",
                Kind.DECIMAL,
                "Kendall's tau of number and day within the parts: 1 where numbers rise with the days.",
            ),
            Column("between", Kind.DECIMAL, "The same between the parts: as high or higher in one rising run."),
            Column("last_item_id", Kind.ID, "The last item of the first part.", refers="item"),
            Column("first_item_id", Kind.ID, "The first item of the second.", refers="item"),
        ),
    ),
    TableSchema(
        name="serial_curve",
        key=("block_id", "from_on"),
        meaning="For each run of serials, quarter by quarter: how many were made in it, and by its end; calibrated until nine in ten are known.",
        columns=(
            Column("block_id", Kind.TEXT, "The run.", is_required=True),
            Column("from_on", Kind.DAY, "First day of the quarter.", is_required=True),
            Column("until_on", Kind.DAY, "First day after; the cut of the data for the last.", is_required=True),
            Column(
                "basis",
                Kind.LEVEL,
                "Whether the interval is calibrated, or the prior carries it on.",
                levels=("calibrated", "extrapolated"),
                is_required=True,
            ),
            Column("made_low", Kind.DECIMAL, "Made in the quarter: 2.5% quantile.", unit="items"),
            Column("made_median", Kind.DECIMAL, "The median.", unit="items"),
            Column("made_high", Kind.DECIMAL, "The 97.5% quantile.", unit="items"),
            Column("total_low", Kind.DECIMAL, "Made by its end: 2.5% quantile.", unit="items"),
            Column("total_median", Kind.DECIMAL, "The median.", unit="items"),
            Column("total_high", Kind.DECIMAL, "The 97.5% quantile.", unit="items"),
            Column("n_seen", Kind.INTEGER, "Numbers used that had become known by its end.", unit="items"),
        ),
    ),
)
