"""The derived tables of claims and commitments."""

from __future__ import annotations

from taggant.model.tables import Column, Kind, TableSchema

EXPLAINED_BY = ("rounding", "measure", "period", "scope", "decoys", "multiplier", "stance", "none")

CLAIMS_TABLES = (
    TableSchema(
        name="infeasible_set",
        key=("set_id",),
        meaning="Claims that cannot all hold in the plain reading, as few as are needed for it, with the smallest single change that lets them.",
        columns=(
            Column("set_id", Kind.ID, "The claims, joined.", is_required=True),
            Column("kind", Kind.LEVEL, "quantity: no monthly production meets all; stance: one denies what another says; multiplier: one fixed number times another.", levels=("quantity", "stance", "multiplier"), is_required=True),
            Column("world", Kind.LEVEL, "Of what was made, or of what was planned.", levels=("made", "planned", "other"), is_required=True),
            Column("topic", Kind.TEXT, "Topic of the first claim."),
            Column("scope", Kind.TEXT, "The family of types."),
            Column("claims", Kind.LIST, "The claims; each is needed for the clash.", is_required=True),
            Column("n_roots", Kind.INTEGER, "Roots behind them: one root contradicts itself.", is_required=True),
            Column("explained_by", Kind.LEVEL, "The change that lets go of the least; none: no single change does.", levels=EXPLAINED_BY, is_required=True),
            Column("changed_claim_id", Kind.ID, "The claim that would be read otherwise.", refers="claim"),
            Column("share_let_go", Kind.DECIMAL, "Which share of what that claim says is let go: of its number, or of its months."),
            Column("amount", Kind.DECIMAL, "scope, decoys: items a month, or in all, that would be of other types; period: months; multiplier: the number."),
            Column("also", Kind.LIST, "Other single changes that would do, with the share they let go."),
            Column("slack_share", Kind.DECIMAL, "By which share every number would have to give way."),
            Column("holds_otherwise", Kind.YESNO, "Whether all hold once rates are means over their time and umbrella words are sums over types."),
        ),
    ),
    TableSchema(
        name="corroboration",
        key=("topic", "scope", "root"),
        meaning="What each root carries of a topic and scope, and what is left without it.",
        columns=(
            Column("topic", Kind.TEXT, "The topic.", is_required=True),
            Column("scope", Kind.TEXT, "The scope.", is_required=True),
            Column("root", Kind.TEXT, "The root.", is_required=True),
            Column("n_claims", Kind.INTEGER, "Claims that go back to it.", is_required=True),
            Column("n_carriers", Kind.INTEGER, "Sources that carry them.", is_required=True),
            Column("n_denials", Kind.INTEGER, "Of the claims, denials.", is_required=True),
            Column("n_roots_left", Kind.INTEGER, "Roots that still say so without it.", is_required=True),
            Column("n_claims_left", Kind.INTEGER, "Claims left without it.", is_required=True),
            Column("is_only_root", Kind.YESNO, "Without it nobody says so.", is_required=True),
        ),
    ),
    TableSchema(
        name="commitment_state",
        key=("commitment_id", "module"),
        meaning="Whether each commitment is kept, for each module, with the evidence dated inside its time.",
        columns=(
            Column("commitment_id", Kind.ID, "The commitment.", is_required=True, refers="commitment"),
            Column("module", Kind.TEXT, "The module; 'whole item' for the thing as a whole, 'parts' for parts.", is_required=True),
            Column("stop", Kind.LEVEL, "What was to stop.", levels=("manufacture", "transfer", "use"), is_required=True),
            Column("on_whose_word", Kind.LEVEL, "How firm it is.", levels=("asked", "promised", "agreed")),
            Column("verdict", Kind.LEVEL, "What the evidence says.", levels=("kept", "not kept", "cannot tell"), is_required=True),
            Column("decided_by", Kind.TEXT, "Which rule decided.", is_required=True),
            Column("n_against", Kind.INTEGER, "Rows that say it went on inside the time.", is_required=True),
            Column("n_roots_against", Kind.INTEGER, "Independent voices behind them.", is_required=True),
            Column("n_for", Kind.INTEGER, "Rows that say it stopped or did not happen.", is_required=True),
            Column("n_roots_for", Kind.INTEGER, "Independent voices behind them.", is_required=True),
            Column("n_unplaced", Kind.INTEGER, "Rows whose time cannot be placed inside or outside.", is_required=True),
            Column("against", Kind.LIST, "Those rows, table:key."),
            Column("for", Kind.LIST, "Those rows, table:key."),
            Column("unplaced", Kind.LIST, "Those rows, table:key."),
            Column("settle", Kind.LIST, "What would settle it."),
        ),
    ),
)  # fmt: skip
