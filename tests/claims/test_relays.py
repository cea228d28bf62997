"""Who copied whom: citations, links, passages, corrections; roots."""

from __future__ import annotations

from datetime import date

from taggant.claims.documents import Document
from taggant.claims.page_text import Block
from taggant.claims.relays import Relay, Text, independent_roots, relays_between, roots_of

LONG = (
    "The works at Lom finished 1,150 airframes by the end of 2023, according to papers seen by this newspaper, "
    "and is to build 4,800 drones by the middle of next year if parts arrive in time from abroad."
)


def text(
    name: str, words: str, outlet: str, day: int, links: tuple[tuple[int, int, str], ...] = (), url: str = ""
) -> Text:
    """One text of May 2024."""
    block = Block(words, 0, links=list(links))
    document = Document(kind="text", blocks=(block,), outlet=outlet, published=date(2024, 5, day), url=url or None)
    return Text(name=name, document=document)


def edges(*some: Text) -> list[tuple[str, str]]:
    """Pairs found."""
    return [(r.text, r.relays) for r in relays_between(some)]


def test_nothing_one_and_two_strangers() -> None:
    """No edge without a reason."""
    a = text("a", "The plant made 300 drones, an engineer said.", "Courier", 1)
    b = text("b", "A ferry sank off the coast, the harbour master said.", "Star", 2)
    assert edges() == edges(a) == edges(a, b) == []


def test_a_copied_passage_without_a_name() -> None:
    """The later text copied; the order given does not matter."""
    a, b = text("a", LONG, "Ledger", 1), text("b", LONG, "Beacon", 2)
    assert edges(a, b) == edges(b, a) == [("b", "a")]


def test_a_citation_and_a_link() -> None:
    """Named, and linked."""
    a = text("a", LONG, "Harbour Ledger", 1, url="https://ledger.example/1")
    named = text("b", "The Harbour Ledger reported that 1,150 airframes were finished.", "Star", 2)
    linked = text("c", "Some 1,150 were made. More here.", "Sun", 3, links=((22, 31, "https://www.ledger.example/1/"),))
    assert edges(a, named, linked) == [("b", "a"), ("c", "a")]


def test_nobody_copies_what_came_later() -> None:
    """A citation of an outlet whose text is newer is no edge."""
    a = text("a", LONG, "Harbour Ledger", 9)
    b = text("b", "The Harbour Ledger reported that 1,150 airframes were finished.", "Star", 2)
    assert ("b", "a") not in edges(a, b)


def test_a_correction_goes_back_to_what_it_corrects() -> None:
    """The same outlet, later, with a word of correction."""
    a = text("a", LONG, "Ledger", 1)
    b = text("b", "Correction: 1,510 airframes, not 1,150, had been finished by the end of 2023.", "Ledger", 3)
    assert edges(a, b) == [("b", "a")]


def test_roots_of_chains_and_circles() -> None:
    """Three in a row have one root; a circle is one; a page with three roots has three."""

    def edge(a: str, b: str) -> Relay:
        return Relay(text=a, relays=b, reasons=("link",), score=0.9)

    assert roots_of(["a", "b", "c"], [edge("c", "b"), edge("b", "a")])["c"] == ("a",)
    assert roots_of(["a", "b"], [edge("a", "b"), edge("b", "a")]) == {"a": ("a",), "b": ("a",)}
    three = roots_of(["a", "b", "c", "d"], [edge("d", "a"), edge("d", "b"), edge("d", "c")])
    assert three["d"] == ("a", "b", "c")


def test_independent_roots_by_naming_and_by_relay() -> None:
    """The same official in two papers that do not relay each other is one root by name; two diplomats are two."""
    some = [("a", ("a Western official",), "q"), ("b", ("A Western official",), "q"), ("c", ("a diplomat",), "q")]
    assert independent_roots(some, [], []) == (("a", "b"), ("c",))
