"""Simple formulas and what they do when their assumptions do not hold, beside ours in the same invented worlds.

Run: ``python -m benchmarks.failure_modes [WORLDS]``; writes ``docs/explanation/why-not-the-simple-formula.md`` and
``docs/measured/failure-modes.md``. Seeded; about five minutes with 1,000 worlds.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import failure_others, failure_serials, failure_silence
from benchmarks.failure_row import Failure

_DOCS = Path(__file__).parents[1] / "docs"
_WHY = "\n".join(
    [
        "# Why not the simple formula\n",
        "The largest serial number times a little more, the silence since the last sighting, the average delay: "
        "each is right in a world that is seldom ours.",
        "Here each is tried where one of its assumptions does not hold, in worlds whose truth is known, "
        "and beside it what is done instead.",
        "The numbers are made by `python -m benchmarks.failure_modes`, not typed.",
        "After ± stands one standard error of the number of worlds.\n",
        "Two things can be done about a broken assumption.",
        "Where the data can carry it, the level is *restored*: the delay of each sighting, one find an incident, "
        "a run for each plant.",
        "Where they cannot, the answer *warns*: the assumption is marked weak, untestable or failed, "
        "and the sentence says it.",
        "What no record can tell apart, such as a trend of effort and a trend of production, stays untestable, "
        "and no method here claims otherwise.\n",
        "In the war from which the formula comes it was near, and once far [Ruggles & Brodie 1947]:\n",
        "| tanks a month | by serial numbers | by spies | by the records found later |",
        "|---|---|---|---|",
        "| June 1940 | 169 | 1,000 | 122 |",
        "| June 1941 | 244 | 1,550 | 271 |",
        "| August 1942 | 327 | 1,550 | 342 |\n",
        "Each new model began at the next hundred, so most numbers ending in 76 to 99 were never given: "
        "39% too many in June 1940.\n",
    ]
)
_SECTIONS = (
    (
        "Has it stopped?",
        "A thing made last month is mostly not known yet.\n"
        "Whoever tests the silence since the newest made date tests the delay.",
    ),
    (
        "How many?",
        "The formula of 1942 needs a fair draw from one run without gaps that begins at 1, each number read right.\n"
        "Serial numbers of wreckage are none of that.",
    ),
    (
        "Delays, shares, kinds, features",
        "What ends today is cut off, what is found together is one, and what was not seen is not none.",
    ),
)


def table(rows: Sequence[Failure]) -> list[str]:
    """Give one table."""
    return [
        "| what goes wrong | setting | the simple way | should be | ours | so |",
        "|---|---|---|---|---|---|",
        *(f"| {r.what} | {r.setting} | {r.simple} | {r.should} | {r.ours} | {r.does} |" for r in rows),
    ]


def pages(worlds: int) -> tuple[str, str]:
    """Draw the worlds; give the page that explains, and the summary."""
    groups = [failure_silence.rows(worlds), failure_serials.rows(worlds), failure_others.rows(worlds)]
    why = [_WHY]
    short = [
        "# Simple formulas, and what ours does in the same worlds\n",
        f"Made by `python -m benchmarks.failure_modes {worlds}`; not typed.",
        "Rows that cost more are drawn fewer times: the standard error says how often.",
        "Settings stand in the page *Why not the simple formula* of the manual.\n",
        "| what goes wrong | the simple way | should be | ours |",
        "|---|---|---|---|",
    ]
    for (heading, words), rows in zip(_SECTIONS, groups, strict=True):
        why += [f"## {heading}\n", words + "\n", *table(rows), ""]
        short += [f"| {r.what} | {r.simple} | {r.should} | {r.ours} |" for r in rows]
    return "\n".join(why), "\n".join(short) + "\n"


def main() -> None:
    """Write both pages."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    why, short = pages(worlds)
    (_DOCS / "explanation" / "why-not-the-simple-formula.md").write_text(why, encoding="utf-8")
    (_DOCS / "measured" / "failure-modes.md").write_text(short, encoding="utf-8")
    print(short)


if __name__ == "__main__":
    main()
