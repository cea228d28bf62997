"""Derived tables of has-it-stopped and of delays."""

from __future__ import annotations

from taggant.model.tables import Column, Kind, TableSchema

ESTIMATION = (
    TableSchema(
        name="stop",
        key=("producer", "module", "stop"),
        meaning="For each producer and module: whether making, handing over and use have stopped, or why that cannot be told.",
        columns=(
            Column(
                "producer",
                Kind.TEXT,
                "Who builds it, or whose handing over is asked about; for use, the designation.",
                is_required=True,
            ),
            Column("module", Kind.TEXT, "The module; 'whole item' for use.", is_required=True),
            Column("stop", Kind.LEVEL, "Which stop.", levels=("manufacture", "transfer", "use"), is_required=True),
            Column(
                "verdict",
                Kind.LEVEL,
                "The word the rule allows; empty where refused.",
                levels=("stopped", "reduced", "silent", "cannot tell", "goes on"),
            ),
            Column(
                "seen",
                Kind.LEVEL,
                "not examined: nobody opened such a module; not observed: opened, and none of this producer. Neither says: not made.",
                levels=("observed", "not observed", "not examined"),
            ),
            Column("n_examined", Kind.INTEGER, "Items whose module of this sort was examined, of any producer."),
            Column("n_known", Kind.INTEGER, "Of them known to be of this producer."),
            Column("n_used", Kind.INTEGER, "Independent sightings the answer uses."),
            Column("last_on", Kind.DAY, "The newest sighting."),
            Column("until_on", Kind.DAY, "The cut of the data."),
            Column("end_low", Kind.DAY, "It cannot have ended before this day, if the newest sighting is right."),
            Column("end_high", Kind.DAY, "The latest end the silence allows; empty: it may go on."),
            Column("posterior", Kind.DECIMAL, "Probability that it stopped, from even chances."),
            Column("bf_stop", Kind.DECIMAL, "Bayes factor of a stop against going on."),
            Column("p", Kind.DECIMAL, "p of the silence, for this one question at a day fixed beforehand."),
            Column(
                "p_adjusted",
                Kind.DECIMAL,
                "p adjusted for all questions of the case that could be judged (Benjamini–Yekutieli).",
            ),
            Column(
                "basis",
                Kind.LEVEL,
                "What the dates are of.",
                levels=("dates of items", "newest parts", "dated transfers", "launches"),
            ),
            Column("why", Kind.TEXT, "For a refusal: why."),
            Column("enough", Kind.TEXT, "For a refusal: what would be enough."),
        ),
    ),
    TableSchema(
        name="stop_curve",
        key=("producer", "module", "stop", "on"),
        meaning="For each silence that is judged: belief in an end by each day, and p on each day to come if nothing newer becomes known.",
        columns=(
            Column("producer", Kind.TEXT, "Who builds it.", is_required=True),
            Column("module", Kind.TEXT, "The module.", is_required=True),
            Column("stop", Kind.LEVEL, "Which stop.", levels=("manufacture", "transfer", "use"), is_required=True),
            Column("on", Kind.DAY, "The day.", is_required=True),
            Column(
                "ended_by",
                Kind.DECIMAL,
                "Share of belief in an end by this day, given that it ended; empty after the cut.",
            ),
            Column(
                "p_if_silent",
                Kind.DECIMAL,
                "p on this day if nothing newer becomes known until then; empty before the cut.",
            ),
        ),
    ),
    TableSchema(
        name="recovery_delay",
        key=("item_id",),
        meaning="How long after it was made each item became known, as far as both are dated.",
        columns=(
            Column("item_id", Kind.ID, "The item.", is_required=True, refers="item"),
            Column("made_from", Kind.DAY, "First day it can have been made."),
            Column("made_until", Kind.DAY, "First day after."),
            Column("known_on", Kind.DAY, "Last day by which it became known.", is_required=True),
            Column("low_days", Kind.INTEGER, "Shortest delay.", unit="day"),
            Column("high_days", Kind.INTEGER, "Longest delay; empty where only the newest part is dated.", unit="day"),
            Column(
                "basis",
                Kind.LEVEL,
                "What the made day is of.",
                levels=("date on the item", "newest part"),
                is_required=True,
            ),
        ),
    ),
)
