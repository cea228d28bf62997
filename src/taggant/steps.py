"""THE MAP, as data: which step reads and writes which tables, and which question shows the findings of which steps.

Invariant: functions are named here, never imported, so that the map can be printed without loading a room. Run order is
computed from reads and writes; there is no other order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from taggant.errors import InputError, UnknownName
from taggant.model.step import Question, Step

CONFIRMED_ONLY = ("confirmed_only", "no")
"""The parameter of every step that uses suggestions: yes leaves out what nobody has confirmed."""

_SERIALS = (("serial_start", "positive"), ("serial_prior", "1/N"))
_ALLOWANCES = (("umbrellas", ""), ("decoy_share", ""), ("imports_most", ""), ("opening_stock", "0"))

STEPS: tuple[Step, ...] = (
    Step(
        name="read-exhibits",
        room="evidence",
        verb="reads the texts of files, and finds pictures that are nearly the same",
        reads=("exhibit",),
        writes=("exhibit_reading", "exhibit_text", "near_duplicate"),
        function="evidence.texts:read_exhibits",
        version="1",
        opens_exhibits=True,
    ),
    Step(
        name="read-photographs",
        room="identification",
        verb="reads marks and barcodes of photographs, to be judged",
        reads=("exhibit", "photo"),
        writes=("reading",),
        function="identification.photo_readings:read_photographs",
        version="1",
        opens_exhibits=True,
    ),
    Step(
        name="date-parts",
        room="identification",
        verb="dates each component by the code in its marking",
        reads=("component", "item"),
        writes=("made_range",),
        function="identification.dating:date_parts",
        version="3",
    ),
    Step(
        name="bound-assembly",
        room="estimation",
        verb="bounds the assembly of each item by its newest part",
        reads=("item", "made_range", "judgement"),
        writes=("item_assembly",),
        function="estimation.when_made:bound_assembly",
        version="2",
        parameters=(CONFIRMED_ONLY,),
    ),
    Step(
        name="name-parts",
        room="identification",
        verb="tells whose part each component is, beside what is listed",
        reads=("component",),
        writes=("part_candidate",),
        function="identification.part_names:name_parts",
        version="3",
    ),
    Step(
        name="note-cues",
        room="identification",
        verb="notes what on a part does not fit together, with its harmless readings",
        reads=("component", "item"),
        writes=("remark_cue",),
        function="identification.cue_findings:note_cues",
        version="1",
    ),
    Step(
        name="count-origins",
        room="estimation",
        verb="divides the listed parts by maker, brand country, tier and day made",
        reads=("item", "examination", "part_candidate", "made_range", "judgement"),
        writes=("composition",),
        function="estimation.part_origins:count_origins",
        version="2",
        parameters=(("after", "2022-02-24"), CONFIRMED_ONLY),
    ),
    Step(
        name="trace-roots",
        room="claims",
        verb="follows each claim to its root and sets contradictions side by side",
        reads=("claim", "source"),
        writes=("claim_root", "contradiction"),
        function="claims.sayings:trace_roots",
        version="1",
    ),
    Step(
        name="read-claims",
        room="claims",
        verb="reads the texts of files for claims and for who copied whom, to be judged",
        reads=("exhibit", "source"),
        writes=("suggested_claim", "suggested_relay"),
        version="1",
        function="claims.exhibit_claims:suggest_claims",
        opens_exhibits=True,
    ),
    Step(
        name="draw-lineage",
        room="claims",
        verb="draws who copied whom, root by root",
        reads=("claim", "claim_root", "source", "suggested_relay"),
        writes=("lineage",),
        version="1",
        function="claims.lineage:draw_lineage",
    ),
    Step(
        name="fit-numbers",
        room="claims",
        verb="fits numbers several roots give, each root once",
        reads=("claim", "claim_root"),
        writes=("quantity_fit",),
        version="1",
        function="claims.number_fit:fit_numbers",
    ),
    Step(
        name="weigh-rivals",
        room="findings",
        verb="weighs rival readings of the record by stated likelihoods",
        reads=("hypothesis", "likelihood"),
        writes=("hypothesis_weight", "hypothesis_evidence"),
        version="1",
        function="findings.rival_readings:weigh_rivals",
    ),
    Step(
        name="weigh-variants",
        room="attribution",
        verb="weighs each module of each item under each variant, within what validation allows",
        reads=("item", "examination", "observation", "feature", "reference_item", "source"),
        writes=("item_variant", "variant_block", "variant_check", "variant_curve"),
        function="attribution.weigh:weigh_variants",
        version="1",
        parameters=(("variant_seed", "20261127"),),
    ),
    Step(
        name="reconcile-claims",
        room="claims",
        verb="finds the sets of claims that cannot all hold, with what would let them, and what each root carries",
        reads=("claim", "claim_root"),
        writes=("infeasible_set", "corroboration"),
        function="claims.reconcile:reconcile_claims",
        version="1",
    ),
    Step(
        name="compare-builds",
        room="attribution",
        verb="sets the modules of an item side by side, and units that share makers or parts",
        reads=("item", "item_variant", "reference_item", "observation", "part_candidate"),
        writes=("build_stage", "shared_set"),
        function="attribution.mixed_builds:set_modules_side_by_side",
        version="1",
    ),
    Step(
        name="follow-composition",
        room="estimation",
        verb="follows shares of brand countries over the time items were made, and what is still unseen",
        reads=("item", "examination", "part_candidate", "item_assembly", "delay_law"),
        writes=("share_point", "coverage"),
        function="estimation.composition:follow_composition",
        version="2",
        parameters=(("lag90_days", "estimated"), ("of_country", "")),
    ),
    Step(
        name="date-capabilities",
        room="findings",
        verb="says what wrecks show was fitted, since when, and what is only said",
        reads=("item", "examination", "observation", "component", "claim", "item_assembly"),
        writes=("capability_seen", "capability_absent"),
        function="findings.capabilities:date_capabilities",
        version="1",
    ),
    Step(
        name="estimate-delays",
        room="estimation",
        verb="estimates how long things take to become known, and how many made lately are still to come",
        reads=("item", "marking", "item_assembly"),
        writes=("recovery_delay", "delay_law", "delay_nowcast"),
        function="estimation.delays:estimate_delays",
        version="1",
        parameters=(("default_lag90_days", "365"),),
    ),
    Step(
        name="read-serials",
        room="identification",
        verb="reads serials to prefix, number and run",
        reads=("item", "marking", "reference_item"),
        writes=("serial_reading",),
        function="identification.serials:read_serials",
        version="1",
    ),
    Step(
        name="find-restarts",
        room="estimation",
        verb="proposes runs of serials that seem to begin again, to be judged",
        reads=("serial_reading",),
        writes=("run_restart",),
        function="estimation.run_restarts:find_restarts",
        version="1",
    ),
    Step(
        name="count-production",
        room="estimation",
        verb="sets serials, claims and use side by side, each under its own scope, against the plans",
        reads=("serial_reading", "run_restart", "incident", "claim", "claim_root", "use", "plan", "judgement"),
        writes=("block", "production"),
        function="estimation.production:count_production",
        version="4",
        parameters=(*_SERIALS, *_ALLOWANCES, CONFIRMED_ONLY),
    ),
    Step(
        name="weigh-lines",
        room="estimation",
        verb="sets serials, use after decoys and imports, and claims side by side for each scope and day",
        reads=("serial_reading", "run_restart", "incident", "claim", "claim_root", "use", "plan", "judgement"),
        writes=("evidence_line",),
        function="estimation.joint_lines:weigh_lines",
        version="2",
        parameters=(*_SERIALS, *_ALLOWANCES, ("claim_error", "0.25"), CONFIRMED_ONLY),
    ),
    Step(
        name="draw-curves",
        room="estimation",
        verb="draws, for each run of serials, how many had been made by each quarter's end, as far as it is known yet",
        reads=("serial_reading", "run_restart", "incident", "item", "recovery_delay", "delay_law", "judgement"),
        writes=("serial_curve",),
        function="estimation.production_curves:draw_curves",
        version="1",
        parameters=(("serial_start", "positive"), ("pack_size", "12"), CONFIRMED_ONLY),
    ),
    Step(
        name="judge-stops",
        room="estimation",
        verb="judges, for each producer and module, whether making, handing over and use have stopped",
        reads=(
            "item",
            "examination",
            "reference_item",
            "marking",
            "item_assembly",
            "transfer",
            "party",
            "commitment",
            "use",
            "delay_law",
        ),
        writes=("stop", "stop_curve"),
        function="estimation.stops:judge_stops",
        version="3",
        counts_commits=True,
    ),
    Step(
        name="trace-hands",
        room="tracing",
        verb="follows items and parts from hand to hand, and asks the lists held about parties",
        reads=("party", "shipment", "transfer", "item", "component", "request", "listing", "judgement"),
        writes=("match", "party_pair", "custody_link", "trade_link", "party_event", "red_flag"),
        function="tracing.hands:trace_hands",
        version="2",
        parameters=(CONFIRMED_ONLY,),
    ),
    Step(
        name="judge-commitments",
        room="findings",
        verb="sets each commitment against dated evidence, module by module",
        reads=(
            "commitment",
            "claim",
            "claim_root",
            "source",
            "use",
            "reference_item",
            "item_assembly",
            "item_variant",
            "stop",
        ),
        writes=("commitment_state",),
        function="findings.commitment_findings:judge_commitments",
        version="1",
    ),
)

QUESTIONS: tuple[Question, ...] = (
    Question(
        name="what-is-it",
        words="What is it?",
        meaning="Each item and each of its modules: which variant, built by which producer, how strongly.",
        steps=("weigh-variants", "compare-builds"),
    ),
    Question(
        name="when-made",
        words="When was it made?",
        meaning="The earliest date an item can have been assembled, and the spread of its parts' dates.",
        steps=("bound-assembly",),
    ),
    Question(
        name="whose-parts",
        words="Whose parts?",
        meaning="Makers, brand countries, control-list tiers, parts made after a given date, what is still unseen.",
        steps=("count-origins", "note-cues"),
    ),
    Question(
        name="through-whose-hands",
        words="Through whose hands?",
        meaning="Parties, shipments, custody, screening, trace requests and replies.",
        steps=("trace-hands",),
    ),
    Question(
        name="how-many",
        words="How many?",
        meaning="Production from serials, dates, use and claims; against a plan.",
        steps=("count-production", "draw-curves", "weigh-lines", "estimate-delays"),
    ),
    Question(
        name="what-changed",
        words="What changed?",
        meaning="Composition (localisation) and capability over time.",
        steps=("follow-composition", "date-capabilities"),
    ),
    Question(
        name="has-it-stopped",
        words="Has it stopped?",
        meaning="For each producer or country and module: manufacture, transfer, use — three different stops.",
        steps=("judge-stops",),
    ),
    Question(
        name="who-said-what",
        words="Who said what?",
        meaning="Claims, their grades, who copied whom, contradictions kept side by side.",
        steps=("trace-roots", "reconcile-claims", "draw-lineage", "fit-numbers", "weigh-rivals"),
    ),
    Question(
        name="is-it-kept",
        words="Is it kept?",
        meaning="Each commitment, written or not, against the evidence.",
        steps=("judge-commitments",),
    ),
    Question(
        name="what-next",
        words="What next?",
        meaning="Which enquiry would teach most.",
    ),
)


def question(name: str) -> Question:
    """Give the question of that name; an unknown name is answered with the ten."""
    for q in QUESTIONS:
        if q.name == name:
            return q
    raise UnknownName("question", name, (q.name for q in QUESTIONS))


def step(name: str, *, steps: Iterable[Step] = STEPS) -> Step:
    """Give the step of that name."""
    known = {s.name: s for s in steps}
    if name not in known:
        raise UnknownName("step", name, known)
    return known[name]


def writer_of(steps: Iterable[Step] = STEPS) -> Mapping[str, Step]:
    """Which step writes which derived table? Two writers of one table are refused."""
    writers: dict[str, Step] = {}
    for s in steps:
        for table in s.writes:
            if table in writers:
                raise InputError(
                    f"table {table!r} is written by two steps, {writers[table].name} and {s.name}",
                    where="the map of steps",
                    next="Let one step write it",
                )
            writers[table] = s
    return writers


def order(wanted: Iterable[str], *, steps: Iterable[Step] = STEPS) -> tuple[Step, ...]:
    """In which order must these steps run, with all they need before them?

    Parameters
    ----------
    wanted : iterable of str
        Names of steps.
    steps : iterable of Step, optional
        The map; tests bring their own.

    Returns
    -------
    tuple of Step
        Every step needed, each after the writers of what it reads; steps that could go either way keep the map's order.

    Raises
    ------
    UnknownName
        A name is no step's.
    InputError
        The map has a cycle.
    """
    all_steps = tuple(steps)
    writers = writer_of(all_steps)
    needed: dict[str, set[str]] = {}
    todo = [step(name, steps=all_steps) for name in wanted]
    while todo:
        s = todo.pop()
        if s.name in needed:
            continue
        before = [writers[t] for t in s.reads if t in writers]
        needed[s.name] = {b.name for b in before}
        todo.extend(before)
    sorter = TopologicalSorter({s.name: sorted(needed[s.name]) for s in all_steps if s.name in needed})
    try:
        names = tuple(sorter.static_order())
    except CycleError as err:
        raise InputError(
            f"the steps {' → '.join(err.args[1])} need each other", where="the map of steps", next="Break the cycle"
        ) from err
    return tuple(step(name, steps=all_steps) for name in names)


def steps_of(questions: Iterable[str] = ()) -> tuple[Step, ...]:
    """Which steps, in run order, answer these questions (all that are built, when none is named)?"""
    names = [question(n) for n in questions] or [q for q in QUESTIONS if q.is_built]
    return order(dict.fromkeys(s for q in names for s in q.steps))
