"""The derived table of the serial–date curve."""

from __future__ import annotations

from taggant.model.tables import Column, Kind, TableSchema

CURVES = (
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
