"""Whose words a claim repeats: three outlets with one root are one voice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taggant.claims.roots import chain

RELAYS = {
    "daily": ("agency",),
    "weekly": ("agency",),
    "agency": ("ministry",),
    "ministry": (),
    "paper": (),
    "digest": ("daily", "agency"),
    "a": ("b",),
    "b": ("a",),
}


@pytest.mark.parametrize(
    ("source", "via", "links", "ended_by"),
    [
        ("daily", None, ("daily", "agency", "ministry"), "relays"),
        ("daily", [], ("daily", "agency", "ministry"), "relays"),
        ("ministry", None, ("ministry",), "silence"),
        ("ministry", ["own"], ("ministry",), "stated"),
        ("daily", ["own"], ("daily",), "stated"),
        ("daily", ["paper"], ("daily", "paper"), "stated"),
        ("daily", ["agency"], ("daily", "agency", "ministry"), "relays"),
        ("daily", ["agency", "own"], ("daily", "agency"), "stated"),
        ("paper", ['"a person familiar"'], ("paper", 'paper: "a person familiar"'), "stated"),
        ("digest", None, ("digest", "daily", "agency", "ministry"), "relays"),
        ("nobody", None, ("nobody",), "silence"),
        ("daily", ["a body not listed"], ("daily", 'daily: "a body not listed"'), "stated"),
    ],
)
def test_the_chain_runs_to_its_root(source: str, via: list[str] | None, links: tuple[str, ...], ended_by: str) -> None:
    """`via` speaks before the source's own relays; `own` ends it; a description is a root of who describes it."""
    found = chain(source, via, RELAYS)
    assert (found.links, found.root, found.ended_by) == (links, links[-1], ended_by)


def test_a_circle_of_relays_is_one_root_whoever_carries_it() -> None:
    """Two sources that repeat each other are one voice, and the circle is said."""
    one, other = chain("a", None, RELAYS), chain("b", None, RELAYS)
    assert (one.root, one.ended_by) == (other.root, other.ended_by) == ("a", "circle")


def test_unnamed_people_of_two_papers_are_two_roots() -> None:
    """Nothing shows them to be one person."""
    assert chain("daily", ['"an official"'], RELAYS).root != chain("paper", ['"an official"'], RELAYS).root


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=3), max_size=6),
    st.sampled_from("abcdef"),
)
def test_every_chain_ends(relays: dict[str, list[str]], source: str) -> None:
    """Law: whatever relays whom, the chain ends, begins with the carrying source, and passes no link twice."""
    found = chain(source, None, relays)
    assert found.links[0] == source
    assert len(set(found.links)) == len(found.links)
    assert found.root in found.links
