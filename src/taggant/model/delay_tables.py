"""Derived tables of delays: the law of each sort of date, and what is still to become known."""

from __future__ import annotations

from taggant.model.tables import Column, Kind, TableSchema

BASES = ("dates of items", "newest parts")

DELAYS = (
    TableSchema(
        name="delay_law",
        key=("basis",),
        meaning="How long after its day things of the case became known, by what the day is of; or why that cannot be told.",
        columns=(
            Column(
                "basis",
                Kind.LEVEL,
                "What the day is of: a date on the item, or its newest part.",
                levels=BASES,
                is_required=True,
            ),
            Column(
                "state",
                Kind.LEVEL,
                "Whether the lag can be used, or is a stated default.",
                levels=("estimated", "default"),
                is_required=True,
            ),
            Column("n_items", Kind.INTEGER, "Items with both days."),
            Column("n_used", Kind.INTEGER, "Incidents that count, one item each."),
            Column(
                "n_recovery_only",
                Kind.INTEGER,
                "Of them with a day of recovery only: they may have become known later.",
            ),
            Column("window_days", Kind.INTEGER, "The longest a delay of this record could have been.", unit="day"),
            Column("median_days", Kind.DECIMAL, "Half become known within so many days.", unit="day"),
            Column(
                "lag90_low_days",
                Kind.DECIMAL,
                "Nine in ten become known within so many days: 2.5% quantile of belief.",
                unit="day",
            ),
            Column("lag90_days", Kind.DECIMAL, "The median of belief; for a default that number.", unit="day"),
            Column("lag90_high_days", Kind.DECIMAL, "The 97.5% quantile.", unit="day"),
            Column("bootstrap_low_days", Kind.DECIMAL, "The same by bootstrap of the best law, 2.5%.", unit="day"),
            Column("bootstrap_high_days", Kind.DECIMAL, "And 97.5%.", unit="day"),
            Column("family", Kind.LEVEL, "Family of the best law.", levels=("gamma", "lognormal")),
            Column("mean_days", Kind.DECIMAL, "Its mean.", unit="day"),
            Column("shape", Kind.DECIMAL, "Its shape; for lognormal the standard deviation of the logarithm."),
            Column("why", Kind.TEXT, "For a default: why it is not estimated."),
            Column("enough", Kind.TEXT, "For a default: what would be enough."),
        ),
    ),
    TableSchema(
        name="delay_nowcast",
        key=("basis", "from_on"),
        meaning="For each quarter of making: how many incidents are known by now, and how many will be in the end.",
        columns=(
            Column("basis", Kind.LEVEL, "What the day is of.", levels=BASES, is_required=True),
            Column("from_on", Kind.DAY, "First day of the quarter.", is_required=True),
            Column("until_on", Kind.DAY, "First day after.", is_required=True),
            Column("n_seen", Kind.INTEGER, "Known by the day of the case, each by the middle of its range."),
            Column("share_known", Kind.DECIMAL, "Share that should be known by now, by the mean over laws."),
            Column("low", Kind.INTEGER, "2.5% quantile of the final count."),
            Column("point", Kind.INTEGER, "Its median."),
            Column("high", Kind.INTEGER, "97.5% quantile."),
            Column(
                "multiplied",
                Kind.DECIMAL,
                "What is seen, divided by the share: 0 wherever nothing is seen; beside, never alone.",
            ),
        ),
    ),
)
