"""How-many in a case: runs kept apart, claims beside one another, use as a floor, plans by each line of evidence."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from taggant.errors import UnknownName
from taggant.estimation.production import count_production
from taggant.model.declared import schema_of
from taggant.model.derived_tables import DERIVED
from taggant.model.finding import Answer, Finding
from taggant.model.tables import frame_schema
from taggant.report.phrases import say

Row = dict[str, Any]


def frame(table: str, rows: list[Row]) -> pl.LazyFrame:
    """Build a table as declared."""
    return pl.DataFrame(rows, schema=frame_schema(schema_of(table))).lazy()


def item(number: int, incident: str | None = None, *, prefix: str = "Ы", on: date | None = None, **more: Any) -> Row:
    """Build one reading of a serial."""
    name = f"{prefix}{number}"
    return {
        "item_id": name, "incident_id": incident or name, "kind": "uav", "designation": "Kestrel", "verbatim": name,
        "normalised": name, "prefix": prefix, "prefix_as_written": prefix, "number": number, "state": "read",
        "block_id": f"uav|Kestrel||{prefix}", "n_readings": 1, "disagrees": [], "existed_on": on, **more,
    }  # fmt: skip


def claim(name: str, low: float | None, high: float | None = None, **more: Any) -> Row:
    """Build one claim of a total made in 2024."""
    return {
        "claim_id": name, "source_id": f"of-{name}", "topic": "production.made", "scope": "Kestrel", "stance": "assert",
        "quantity_low": low, "quantity_high": high, "unit": "aircraft", "measure": "total", "period": "2024",
        "period_from": date(2024, 1, 1), "period_until": date(2025, 1, 1), **more,
    }  # fmt: skip


def plan(quantity: float, **more: Any) -> Row:
    """Build a plan for the end of 2024."""
    by = {"by": "2024", "by_from": date(2024, 1, 1), "by_until": date(2025, 1, 1)}
    return {"title": "p", "scope": "Kestrel", "quantity": quantity, **by, **more}


def ask(
    items: list[Row] | None = None, claims: list[Row] | None = None, use: list[Row] | None = None,
    plans: list[Row] | None = None, roots: list[Row] | None = None, incidents: list[Row] | None = None,
    judgements: list[Row] | None = None, **options: str,
) -> tuple[Answer, dict[str, Finding]]:  # fmt: skip
    """Run the step; every sentence must be sayable and every table as declared."""
    answer = count_production(
        serial_reading=frame("serial_reading", items or []),
        run_restart=frame("run_restart", []),
        incident=frame("incident", incidents or []),
        claim=frame("claim", claims or []),
        claim_root=frame("claim_root", roots or []),
        use=frame("use", use or []),
        plan=frame("plan", plans or []),
        judgement=frame("judgement", judgements or []),
        as_of=date(2025, 6, 30),
        **options,
    )
    for name in ("block", "production"):
        table = answer.tables[name]
        assert isinstance(table, pl.DataFrame)
        assert dict(table.schema) == frame_schema(DERIVED[name])
        assert not table.select(pl.struct(DERIVED[name].key).is_duplicated().any()).item()
    for f in answer.findings:
        body: Any = f.as_json()
        assert say(f.statement, body["statement"]["values"]).text
    return answer, {f.finding_id: f for f in answer.findings}


SEVEN = [391, 954, 1276, 1311, 8465, 12686, 18358]


def test_an_empty_case_is_refused_and_says_what_would_be_enough() -> None:
    """No item, no claim, no plan: one finding."""
    _, found = ask()
    assert list(found) == ["how-many:case"]
    assert found["how-many:case"].result.refused is not None
    assert found["how-many:case"].statement == "how-many.case.refused"


def test_seven_numbers_of_seven_incidents_are_the_headline() -> None:
    """Ы of the real case: 17,968 (certain) to 28,161, the end of a run begun at 1; one decoy's run is refused."""
    answer, found = ask([item(n) for n in SEVEN] + [item(748, prefix="ЫЫ")])
    run, decoys = found["how-many:block:uav|Kestrel||Ы"], found["how-many:block:uav|Kestrel||ЫЫ"]
    headline = run.result.headline
    assert headline is not None
    assert (headline.low, headline.high, run.result.n_used) == (17_968, 28_161, 7)
    assert found["how-many:case"].result.headline == headline
    assert found["how-many:case"].subject == {"block": "uav|Kestrel||Ы"}
    assert decoys.result.refused is not None
    assert decoys.result.refused.enough.startswith("2 more independent")
    blocks = answer.tables["block"]
    assert isinstance(blocks, pl.DataFrame)
    assert blocks["name"].to_list() == ["Ы", "ЫЫ"]


def test_an_item_without_a_prefix_is_left_out_with_its_reason_and_asked_about() -> None:
    """It is in no run; the sensitivity table says what it would change if it were."""
    loose = item(90, prefix="") | {"block_id": None, "state": "left out", "why_kind": "no prefix", "prefix": None}
    _, found = ask([*(item(n) for n in (5, 20, 60)), loose])
    run = found["how-many:block:uav|Kestrel||Ы"].result
    assert run.n_used == 3
    assert [(x.why, x.n) for x in run.left_out] == [("no prefix is stated, so the run is not known", 1)]
    assert any(c.change.startswith("with the 1 items whose prefix") and c.low == 86 for c in run.sensitivity)


KESTREL = [11, 40, 57, 80, 104, 230, 410]


def test_a_doubtful_number_decides_nothing_and_is_said_beside() -> None:
    """Ы-9104, read doubtfully: left out of the headline, counted as left out, and asked about in one row."""
    sure = [item(n) for n in KESTREL]
    _, without = ask(sure)
    _, found = ask([*sure, item(9104, read_quality="doubtful")], plans=[plan(3000)])
    run, case = found["how-many:block:uav|Kestrel||Ы"], found["how-many:case"]
    assert run.result.headline == without["how-many:case"].result.headline
    assert (run.result.n_used, run.statement) == (7, "how-many.block")
    assert ("the number was read doubtfully", 1) in [(x.why, x.n) for x in run.result.left_out]
    assert ("the number was read doubtfully", 1) in [(x.why, x.n) for x in case.result.left_out]
    assert case.values["n_numbered"].value == 7
    row = next(c for c in run.result.sensitivity if c.change == "with the doubtful number Ы9104")
    assert row.low == 9094
    assert isinstance(row.high, int)
    assert row.high > 9094
    assert found["how-many:plan:p"].result.refused is not None, "a doubtful number meets no plan either"


def test_doubtful_numbers_alone_are_no_run() -> None:
    """No sure number: no run, but the case says how many were left out. Two sure ones and a doubtful are refused."""
    doubt: Row = {"read_quality": "doubtful"}
    _, found = ask([item(9104, **doubt)])
    assert list(found) == ["how-many:case"]
    assert [(x.why, x.n) for x in found["how-many:case"].result.left_out] == [("the number was read doubtfully", 1)]
    _, found = ask([item(5), item(20), item(60, **doubt)])
    assert found["how-many:block:uav|Kestrel||Ы"].result.refused is not None


def test_many_doubtful_numbers_are_one_row() -> None:
    """Five are named, the others counted; a likely reading is no doubtful one."""
    doubtful = [item(n, read_quality="doubtful") for n in range(900, 907)]
    _, found = ask([*(item(n, read_quality="likely") for n in KESTREL), *doubtful])
    run = found["how-many:case"].result
    assert run.n_used == 7
    assert [c.change for c in run.sensitivity if "doubtful" in c.change] == [
        "with the doubtful numbers Ы900, Ы901, Ы902, Ы903, Ы904 and 2 more"
    ]


def test_a_number_the_others_show_to_be_misread_is_left_out_and_named() -> None:
    """Ы-9104 without a word on how it was read: the answer is made of the others, and the sentence names it."""
    _, found = ask([item(n) for n in (*KESTREL, 9104)])
    run, case = found["how-many:block:uav|Kestrel||Ы"], found["how-many:case"]
    assert (run.statement, case.statement) == ("how-many.block.apart", "how-many.case.apart")
    _, without = ask([item(n) for n in KESTREL])
    headline, other = run.result.headline, without["how-many:case"].result.headline
    assert headline is not None
    assert other is not None
    assert "certain" in other.interval
    assert (headline.low, headline.high) == (other.low, other.high)
    assert [x.n for x in run.result.left_out if "does not fit" in x.why] == [1]
    assert next(c.low for c in run.result.sensitivity if "do not fit" in c.change) == 9104 - 11 + 1
    body: Any = run.as_json()
    said = say(run.statement, body["statement"]["values"]).text
    assert "and 1 number more (Ы9104) is misread or another run's, as the others say" in said


def test_one_number_that_decides_alone_is_said_and_called_certain_no_more() -> None:
    """20, 30, 45 and 200: not surely misread, but it decides; the headline is the envelope of with and without."""
    _, found = ask([item(n) for n in (20, 30, 45, 200)])
    run, case = found["how-many:block:uav|Kestrel||Ы"], found["how-many:case"]
    assert (run.statement, case.statement) == ("how-many.block.influential", "how-many.case.influential")
    headline = run.result.headline
    assert headline is not None
    assert "certain" not in headline.interval
    assert (headline.low, run.values["low_without"].value) == (26, 26)
    body: Any = run.as_json()
    assert "the number 200 alone decides: without it, 26 to " in say(run.statement, body["statement"]["values"]).text


def test_numbers_that_lie_too_unevenly_are_said_to() -> None:
    """Many low ones, thinning out: no single one decides, but it is no fair draw."""
    _, found = ask([item(n) for n in (1, 2, 4, 5, 7, 9, 12, 14, 17, 21, 26, 30, 38, 47, 60, 82)])
    run = found["how-many:block:uav|Kestrel||Ы"]
    assert run.statement == "how-many.block.uneven"
    assert run.result.headline is not None
    assert "certain" not in run.result.headline.interval


def test_two_groups_of_numbers_are_hardly_one_run() -> None:
    """Twelve low ones and three high ones: refused, and each group may be asked about alone."""
    _, found = ask([item(n) for n in (*range(1, 13), 5000, 8000, 9000)])
    refused = found["how-many:block:uav|Kestrel||Ы"].result.refused
    assert refused is not None
    assert "5000, 8000, 9000 and the other 12 numbers are hardly of one run" in refused.why


def test_items_of_one_incident_count_once() -> None:
    """Four numbers from two events: refused; the incident is the unit of independence."""
    _, found = ask([item(n, "north") for n in (5, 6, 7)] + [item(60, "south")])
    run = found["how-many:block:uav|Kestrel||Ы"].result
    assert (run.n_used, run.headline) == (2, None)


def test_incidents_of_which_nothing_is_stated_are_weak() -> None:
    """An incident made up for an item shows no independence: its day or place does."""
    items = [item(n) for n in (5, 20, 60)]
    told = [{"incident_id": i["item_id"], "place": "a field"} for i in items]

    def status(incidents: list[Row]) -> str:
        _, found = ask(items, incidents=incidents)
        result = found["how-many:block:uav|Kestrel||Ы"].result
        return next(a.status for a in result.assumptions if a.text.startswith("The incidents are independent"))

    assert [status(told), status(told[:2]), status([])] == ["ok", "weak", "weak"]


def test_where_numbers_begin_can_be_said() -> None:
    """serial_start=1: the low end is the largest number. An unknown word is named. A zero needs start any."""
    items = [item(n) for n in (5, 20, 60)]
    _, found = ask(items, serial_start="1", serial_prior="flat")
    headline = found["how-many:case"].result.headline
    assert headline is not None
    assert headline.low == 60
    with pytest.raises(UnknownName, match="positive"):
        ask(items, serial_start="zero")
    _, found = ask([*items, item(0)])
    assert found["how-many:block:uav|Kestrel||Ы"].result.n_used == 3
    assert ("the number is below 1, where the run cannot begin", 1) in [
        (x.why, x.n) for x in found["how-many:case"].result.left_out
    ]


def test_totals_rates_and_capacities_are_never_mixed() -> None:
    """Three findings for three measures, each its own range; nothing is averaged."""
    rate = {"measure": "rate", "per": "month"}
    _, found = ask(
        claims=[claim("a", 100, 100), claim("b", 300, 400), claim("c", 9, 9, **rate),
                claim("d", 5, 5, **rate, scope="x"), claim("e", None, 70, measure="capacity", per="month")]
    )  # fmt: skip
    said = {f.values["measure"].value: f for f in found.values() if f.statement.startswith("how-many.claim")}
    assert len([f for f in found if "claims:" in f]) == 4
    total = found["how-many:claims:production.made|assert|Kestrel|total||aircraft"]
    headline = total.result.headline
    assert headline is not None
    assert (headline.low, headline.point, headline.high) == (100, None, 400)
    assert [(b.method, b.point, b.low, b.high) for b in total.result.beside] == [
        ("claim a", 100, 100, 100), ("claim b", None, 300, 400),
    ]  # fmt: skip
    capacity = said["capacity"].result.headline
    assert capacity is not None
    assert (capacity.low, capacity.high) == (None, 70)
    assert said["capacity"].statement == "how-many.claim.at-most"


def test_claims_of_one_root_are_one_voice_and_denials_speak_against() -> None:
    """Two carriers, one root; a denial is no part of the range. What has no number or measure is left out."""
    roots = [{"claim_id": c, "root": "agency", "links": ["x"], "ended_by": "stated"} for c in ("a", "b")]
    claims = [claim("a", 100), claim("b", 100), claim("no", 900, 900, stance="deny"), claim("u", None),
              claim("v", 5, measure=None)]  # fmt: skip
    _, found = ask(claims=claims, roots=roots)
    group = found["how-many:claims:production.made|assert|Kestrel|total||aircraft"]
    assert (group.n_roots, group.result.n_used, group.statement) == (1, 2, "how-many.claim.at-least")
    assert [r.id for r in group.contradicts] == ["no"]
    assert sorted(x.n for x in found["how-many:case"].result.left_out) == [1, 1]


def test_claims_of_different_times_are_said_to_be() -> None:
    """2023 and 2024: neither added nor averaged."""
    early = {"period": "2023", "period_from": date(2023, 1, 1), "period_until": date(2024, 1, 1)}
    _, found = ask(claims=[claim("a", 100, 100, **early), claim("b", 300, 300)])
    assert found["how-many:claims:production.made|assert|Kestrel|total||aircraft"].statement == "how-many.claim.periods"


def launched(month: int, n: int | None, **more: Any) -> Row:
    """Build one month of use in 2024."""
    return {
        "period": f"2024-{month:02}", "designation": "all types", "source_id": "s", "launched": n,
        "period_from": date(2024, month, 1), "period_until": date(2024, month + 1, 1), **more,
    }  # fmt: skip


def test_use_is_a_floor_and_no_day_is_counted_twice() -> None:
    """Months add up; the year that holds them does not; two sources are not added; decoys are said."""
    year = {"period": "2024", "period_from": date(2024, 1, 1), "period_until": date(2025, 1, 1)}
    _, found = ask(
        use=[launched(1, 10), launched(2, 20), launched(3, None), launched(1, 500, **year),
             launched(1, 11, source_id="t"), launched(4, 7, includes_decoys=True)]
    )  # fmt: skip
    own = found["how-many:use:all types|s|"]
    headline = own.result.headline
    assert headline is not None
    assert (headline.low, headline.high, headline.interval) == (30, None, "floor")
    assert [x.n for x in own.result.left_out] == [1]
    assert own.statement == "how-many.use.decoys-unknown"
    assert found["how-many:use:all types|s|decoys"].statement == "how-many.use.with-decoys"
    assert "how-many:use:all types|t|" in found


def met(found: dict[str, Finding]) -> dict[str, object]:
    """What each line of evidence says about the plan."""
    return {d.name: d.value for d in found["how-many:plan:p"].result.diagnostics}


def test_a_number_that_existed_in_time_meets_a_plan_below_it() -> None:
    """Ы18358 by March 2025 says yes to 6,000 by August 2025; a claim of fewer cannot tell."""
    items = [item(n) for n in SEVEN[:-1]] + [item(18358, on=date(2025, 3, 18))]
    by = {"by_from": date(2025, 6, 1), "by_until": date(2025, 9, 1)}
    _, found = ask(items, [claim("a", 5000, 5000)], plans=[plan(6000, **by)])
    assert met(found) == {"serials Ы": "yes", "claims of of-a": "cannot tell"}
    finding = found["how-many:plan:p"]
    assert finding.statement == "how-many.plan.yes"
    assert finding.values["percent_low"].value == 99
    assert finding.result.headline is not None
    assert (finding.result.headline.low, finding.result.headline.high) == (0.99, None)
    assert [(b.point, b.low, b.high) for b in finding.result.beside] == [(0.99, 0.99, None), (None, None, None)]
    _, found = ask(items, plans=[plan(17_969, **by)])
    assert met(found) == {"serials Ы": "cannot tell"}


def test_a_plan_above_what_was_seen_gets_a_chance_only_if_all_were_made_in_time() -> None:
    """All seven known in time: at least the posterior's chance. Known later: cannot tell, and never no."""
    in_time = [item(n, on=date(2024, 12, 31)) for n in SEVEN]
    _, found = ask(in_time, plans=[plan(20_000)])
    headline = found["how-many:plan:p"].result.headline
    assert headline is not None
    assert headline.low == 0.5, "0.509, rounded down"
    assert headline.high is None, "no line says no: the high end is open"
    assert found["how-many:plan:p"].statement == "how-many.plan"
    _, found = ask(in_time, plans=[plan(90_000)])
    assert found["how-many:plan:p"].result.refused is not None, "at least 0 % says nothing"
    late = [item(n, on=date(2025, 1, 1)) for n in SEVEN]
    _, found = ask(late, plans=[plan(40_000)])
    refused = found["how-many:plan:p"]
    assert refused.result.refused is not None
    assert (refused.values["percent_seen"].value, refused.values["percent_seen_below"].value) == (None, 1)
    body: Any = refused.as_json()
    assert "the chance of so many at all is less than 1 %" in say(refused.statement, body["statement"]["values"]).text
    assert met(found) == {"serials Ы": "cannot tell"}


@pytest.mark.parametrize(
    ("quantity", "value", "words"),
    [(17_968, ("percent_seen_above", 99), "is more than 99 %"), (20_000, ("percent_seen", 50), "is 50 %"),
     (90_000, ("percent_seen_below", 1), "is less than 1 %")],
)  # fmt: skip
def test_a_chance_is_never_one_or_nothing(quantity: int, value: tuple[str, int], words: str) -> None:
    """What the numbers alone bear out is still no certainty; what they hardly bear out is not nothing."""
    _, found = ask([item(n, on=date(2025, 1, 1)) for n in SEVEN], plans=[plan(quantity)])
    refused = found["how-many:plan:p"]
    assert refused.values[value[0]].value == value[1]
    body: Any = refused.as_json()
    assert words in say(refused.statement, body["statement"]["values"]).text
    assert refused.result.diagnostics[0].reading.startswith("so many had been made with a chance of " + words[3:])


def test_one_number_that_decides_alone_meets_no_plan() -> None:
    """9104 existed in time and would say yes to 3,000; it is misread by what the others say, and says nothing."""
    items = [item(n, on=date(2024, 5, 1)) for n in (*KESTREL, 9104)]
    _, found = ask(items, plans=[plan(3000)])
    assert found["how-many:plan:p"].result.refused is not None
    _, found = ask(items, plans=[plan(300)])
    assert met(found) == {"serials Ы": "yes"}, "410 says it too"
    unsure = [item(n, on=date(2024, 5, 1)) for n in (20, 30, 45, 200)]
    _, found = ask(unsure, plans=[plan(150)])
    assert found["how-many:plan:p"].result.diagnostics[0].reading.startswith("without number 200, which alone would")


def test_totals_of_one_source_add_up_where_their_times_do_not_overlap() -> None:
    """2,738 in 2023 and 5,760 in 2024 are 8,498 by then, for one source; another scope does not count."""
    early = {"period": "2023", "period_from": date(2023, 1, 1), "period_until": date(2024, 1, 1), "source_id": "s"}
    claims = [claim("a", 2738, 2738, **early), claim("b", 5760, 5760, source_id="s"), claim("c", 9000, scope="all")]
    _, found = ask(claims=claims, plans=[plan(8000)])
    assert met(found) == {"claims of s": "yes"}
    assert [(x.why, x.n) for x in found["how-many:plan:p"].result.left_out] == [
        ("claims of a total under another scope", 1)
    ]
    within = {"since": "2024", "since_from": date(2024, 1, 1), "since_until": date(2025, 1, 1)}
    _, found = ask(claims=claims, plans=[plan(8000, **within)])
    assert met(found) == {"claims of s": "cannot tell"}


def test_two_carriers_of_one_root_are_one_line() -> None:
    """Three outlets, one root: one voice for the plan too; their repeats do not add up."""
    roots = [{"claim_id": c, "root": "agency", "links": ["x"], "ended_by": "stated"} for c in ("a", "b")]
    _, found = ask(claims=[claim("a", 3000), claim("b", 3000), claim("c", 1)], plans=[plan(5000)], roots=roots)
    assert met(found) == {"claims of agency": "cannot tell", "claims of of-c": "cannot tell"}


def test_a_plan_of_a_rate_is_compared_with_rates_only() -> None:
    """1,000 a month: a total of 6,000 says nothing, nor do serials; 1,200 a month does, 5,000 a day does not."""
    rate: Row = {"measure": "rate", "per": "month"}
    claims = [claim("t", 6000), claim("r", 1200, **rate), claim("d", 5000, measure="rate", per="day")]
    _, found = ask([item(n) for n in SEVEN], claims, plans=[plan(1000, **rate)])
    assert met(found) == {"claims of of-r": "yes"}


def test_a_plan_nobody_speaks_of_or_without_a_day_is_refused() -> None:
    """No line at all; or no day to be kept by."""
    _, found = ask(plans=[plan(10, scope="balloon")])
    refused = found["how-many:plan:p"].result.refused
    assert refused is not None
    assert "speaks of balloon" in refused.why
    open_end = {"by": None, "by_from": None, "by_until": None}
    _, found = ask([item(n) for n in SEVEN], [claim("a", 100)], plans=[plan(10, **open_end)])
    refused = found["how-many:plan:p"].result.refused
    assert refused is not None
    assert refused.enough == "the day of the plan"


def test_every_line_stands_in_one_table_under_its_own_scope() -> None:
    """One row a run, claim, period of use and plan; nothing is summed there."""
    answer, _ = ask([item(n) for n in (5, 20, 60)], [claim("a", 100)], [launched(1, 10)], [plan(50)])
    table = answer.tables["production"]
    assert isinstance(table, pl.DataFrame)
    lines = table.select("line", "low", "high").rows()
    assert [x[0] for x in lines] == ["serials", "claim", "use", "plan"]
    assert lines[1:3] == [("claim", 100.0, None), ("use", 10.0, None)]


def test_runs_of_one_thing_are_added_and_many_weigh_less() -> None:
    """Two runs: 1/N; five: 1/N² in the headline, the others beside; one run of its own has no total."""

    def total(n_runs: int) -> Finding | None:
        items = [item(n, f"e{p}{n}", prefix=p) for p in "ABCDE"[:n_runs] for n in (19, 40, 42, 60)]
        return ask(items)[1].get("how-many:total:Kestrel")

    assert total(1) is None
    two, five = total(2), total(5)
    assert two is not None
    assert five is not None
    assert (two.result.parameters["prior"], five.result.parameters["prior"]) == ("1/N", "1/N2")
    headline = five.result.headline
    assert headline is not None
    assert headline.low > 5 * 42 - 1  # type: ignore[operator]
    by = {c.change: c.high for c in five.result.sensitivity}
    assert by["prior flat for each run"] > by["prior 1/N for each run"] > headline.high  # type: ignore[operator]
    assert any(a.status == "weak" and "adds up over runs" in a.why for a in five.result.assumptions)


def test_a_run_without_a_producer_may_be_one_with_and_is_not_added_to_it() -> None:
    """Two runs Ы of one thing, one of a known producer: no total, and what would be enough."""
    known = [
        item(n, producer="Tallow Plant", block_id="uav|Kestrel|Tallow Plant|Ы", item_id=f"t{n}", incident_id=f"t{n}")
        for n in (116, 234, 453)
    ]
    _, found = ask([*known, *(item(n) for n in (19, 40, 42, 60))])
    refused = found["how-many:total:Kestrel"].result.refused
    assert refused is not None
    assert "count twice" in refused.why
    assert "references.csv" in refused.enough
