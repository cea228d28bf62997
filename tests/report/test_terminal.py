"""The answer in a terminal: what is said, that it fits, and that no text from outside steers the terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from taggant.report.terminal import show_leads, show_when_made

from .sample import finding, findings, tables, value


def _shown(width: int, some: list[dict[str, object]] | None = None, **more: object) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, force_terminal=False)
    show_when_made(console, findings() if some is None else some, tables())
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_it_says_what_it_must(width: int) -> None:
    """Sentence, days, counts, states, refusals and method, at both usual widths; no line too long."""
    text = _shown(width)
    for words in ("cannot be told", "one mark decides", "one dated part", "4 / 7", "newest-part-v1 1", "9f3a41c07be2"):
        assert words in text
    assert ("2021-08-01" in text) == (width == 80)
    assert ("1 August 2021" in text.split("─")[-1]) == (width == 120)
    said = " ".join(text.split())
    assert "Why: no mark on it can be dated. Enough would be: one mark read by a known rule." in said
    assert "moves the first day by 565 days" in said
    assert max(map(len, text.splitlines())) <= width


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_findings(n: int) -> None:
    """No finding prints nothing; one and two items print as many rows."""
    about = [f for f in findings() if f["subject"]][:n]
    text = _shown(120, about)
    assert (text == "") == (n == 0)
    assert [name in text for name in ("Kestrel 07", "Kestrel 12")] == [n > 0, n > 1]


def test_no_control_sequence_and_no_markup_gets_through() -> None:
    """A name that would colour, erase or mark up the terminal is printed as its letters."""
    name = "\x1b[2J[bold]Ы[/bold]\u202e"
    one = finding("when-made.item.refused", {"item": value(name), "n_marked": value(1)}, "x",
                  refused={"why": name, "enough": name})  # fmt: skip
    text = _shown(120, [one])
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "⟨U+001B⟩[2J[bold]Ы[/bold]⟨U+202E⟩" in text


def test_a_sentence_for_each_question() -> None:
    """Each question with a finding is named with the sentence of its case finding; one without says nothing."""
    out = io.StringIO()
    console = Console(file=out, width=100, color_system=None, force_terminal=False)
    show_leads(console, {"when-made": findings()[::-1], "what-next": []})
    text = " ".join(out.getvalue().split())
    assert text.startswith("When was it made? Marks on their parts")
    assert "What next?" not in text
