"""Commitments against dated evidence: each verdict worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from taggant.findings.commitments import Rows, State, judge_commitment

ASKED: dict[str, Any] = {
    "commitment_id": "c", "obliged": "Ruritania", "forbids": ["any"], "stop": "transfer",
    "since_from": date(2023, 8, 1), "since_until": date(2023, 9, 1), "until_until": None,
}  # fmt: skip


def claim(name: str, root_topic: str = "transfer.delivered", **other: Any) -> dict[str, Any]:
    """A claim inside the time unless told otherwise."""
    return {
        "claim_id": name, "source_id": name, "speaker": None, "topic": root_topic, "scope": "Kestrel",
        "stance": "assert",
        "period_from": date(2023, 10, 1), "period_until": date(2023, 11, 1),
    } | other  # fmt: skip


def judged(*claims: dict[str, Any], commitment: dict[str, Any] = ASKED, **other: Any) -> tuple[State, ...]:
    """What these claims come to."""
    roots = {c["claim_id"]: c["claim_id"] for c in claims}
    return judge_commitment(commitment, Rows(claims=claims, roots=roots, **other))


def verdicts(*claims: dict[str, Any], **other: Any) -> list[tuple[str, str]]:
    """Verdict and rule, module by module."""
    return [(s.verdict, s.why) for s in judged(*claims, **other)]


def test_nothing_is_no_verdict() -> None:
    """Silence never shows that it is kept."""
    assert verdicts() == [("cannot tell", "nothing-dated")]


def test_two_roots_inside_the_time_show_it_one_does_not() -> None:
    """One root alone cannot be told; two can; two relays of one root are one."""
    assert verdicts(claim("a")) == [("cannot tell", "one-root")]
    assert verdicts(claim("a"), claim("b")) == [("not kept", "roots")]
    one = judge_commitment(ASKED, Rows(claims=[claim("a"), claim("b")], roots={"a": "r", "b": "r"}))
    assert one[0].why == "one-root"


def test_what_cannot_be_placed_counts_for_neither() -> None:
    """Before the month it was asked in ends, and without a beginning: unplaced."""
    same_month = claim("a", period_from=date(2023, 8, 1), period_until=date(2023, 9, 1))
    before = claim("b", period_from=date(2023, 1, 1), period_until=date(2023, 2, 1))
    open_start = claim("d", period_from=None, period_until=date(2024, 7, 1))
    (state,) = judged(same_month, before, open_start)
    assert [e.key for e in state.evidence if e.side == "unplaced"] == ["d"]
    assert "dates" in state.settle


def test_a_denial_by_the_obliged_party_weighs_nothing_against_two_roots() -> None:
    """A third party's denial does."""
    two = [claim("a"), claim("b")]
    own = claim("d", stance="deny", speaker="Foreign Ministry of Ruritania")
    other = claim("e", stance="deny", speaker="Observer")
    assert verdicts(*two, own) == [("not kept", "roots")]
    assert verdicts(*two, other) == [("cannot tell", "against-each-other")]


def test_the_obliged_party_s_own_word_is_enough() -> None:
    """It admits a delivery inside the time."""
    assert verdicts(claim("a", speaker="President of Ruritania")) == [("not kept", "own-word")]


def test_that_it_stopped_later_denies_nothing_before() -> None:
    """A stop claimed is no denial of a delivery; alone it shows nothing kept."""
    stop = claim("s", "transfer.stopped")
    assert verdicts(claim("a"), claim("b"), stop) == [("not kept", "roots")]
    assert verdicts(stop) == [("cannot tell", "only-said-to-stop")]


def test_modules_are_judged_apart() -> None:
    """Parts went on by two roots; of the whole nobody speaks but one who says it stopped."""
    states = judged(claim("a", scope="components"), claim("b", scope="components"), claim("s", "transfer.stopped"))
    assert {(s.module, s.verdict) for s in states} == {("parts", "not kept"), ("whole item", "cannot tell")}
    only = {**ASKED, "forbids": ["engine"]}
    assert [(s.module, s.verdict) for s in judged(claim("a"), commitment=only)] == [("engine", "cannot tell")]


def test_a_documented_thing_decides() -> None:
    """A module the obliged party built, in an item that cannot have been assembled before."""
    builds = [{"item_id": "i", "module": "engine", "producer": "Ruritanian Works"}]
    late = judged(builds=builds, assembled={"i": date(2024, 1, 1)})
    assert [(s.module, s.verdict, s.why) for s in late] == [("engine", "not kept", "thing")]
    early = judged(builds=builds, assembled={"i": date(2023, 1, 1)})
    assert [s.verdict for s in early] == ["cannot tell"]


def test_use_that_is_counted() -> None:
    """Three counted periods are enough; two are not; zero launched is no use."""
    asked = {**ASKED, "stop": "use"}

    def row(month: int, launched: int = 5) -> dict[str, Any]:
        return {"period": f"2024-{month:02d}", "designation": "Kestrel", "source_id": "s", "launched": launched,
                "period_from": date(2024, month, 1), "period_until": date(2024, month + 1, 1)}  # fmt: skip

    assert [s.why for s in judged(commitment=asked, use=[row(1), row(2), row(3)])] == ["counted"]
    assert [s.verdict for s in judged(commitment=asked, use=[row(1), row(2), row(3, 0)])] == ["cannot tell"]


def test_kept_needs_a_stop_that_was_found() -> None:
    """A found stop and nothing after it: kept. With one root against it: not told."""
    stops = [{"producer": "Ruritania", "module": None, "stop": "transfer", "verdict": "stopped"}]
    assert [s.verdict for s in judged(stops=stops)] == ["kept"]
    only_whole = judged(claim("s", "transfer.stopped"), stops=stops)
    assert [(s.verdict, s.why) for s in only_whole] == [("kept", "stopped")]
    assert [s.verdict for s in judged(claim("a"), stops=stops)] == ["cannot tell"]


def test_what_ended_before_is_outside() -> None:
    """A commitment that ended says nothing of what came later."""
    time = {"since_from": date(2016, 1, 16), "since_until": date(2016, 1, 17), "until_until": date(2020, 10, 19)}
    ended = {**ASKED, **time}
    (state,) = judged(claim("a"), claim("b"), commitment=ended)
    assert (state.verdict, state.why, state.evidence) == ("cannot tell", "nothing-dated", ())
