"""What is counted over some listed parts: the values a sentence says, and the share with all that it hangs on.

Invariant: every count rests on the components counted; the headline is a pair of bounds, never a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from taggant.errors import InputError
from taggant.estimation.listed_parts import NOT_LISTED, ListedPart
from taggant.estimation.origin_counts import Tally, once, tally
from taggant.model.finding import Reference, StatedValue
from taggant.model.judgements import count_judged, not_used
from taggant.model.result import Assumption, Changed, Diagnostic, LeftOut, Result
from taggant.reference import country_name
from taggant.writing.edtf import parse_edtf

METHOD, VERSION = "listed-parts-bounds-v1", "1"
UNIT = "share of listed parts made after the day asked"
N_COUNTRIES = 3
"""So many brand countries are named in a sentence; the rest are counted together, and all stand in `composition`."""


@dataclass(frozen=True, slots=True)
class DayAsked:
    """The day a part may be made after: it is when made on `since_on` or later."""

    typed: str
    since_on: date

    @property
    def last_on(self) -> date:
        """The last day that is not after."""
        return self.since_on - timedelta(days=1)


def day_asked(after: str) -> DayAsked:
    """Which is the first day after this date, as typed?

    Parameters
    ----------
    after : str
        EDTF; of a month or year the last day counts.

    Returns
    -------
    DayAsked

    Raises
    ------
    BadDate
        It is no date.
    InputError
        It is open towards the future.

    Notes
    -----
    Assumes: "after" means after the whole of it. Not for: vague days, which are widened first (`2022~`).

    Examples
    --------
    >>> day_asked("2022-02-24").since_on.isoformat(), day_asked("2022-02").since_on.isoformat()
    ('2022-02-25', '2022-03-01')
    """
    until = parse_edtf(after).until_on
    if until is None:
        raise InputError(
            f"after={after!r} has no last day",
            where="the parameter of whose-parts",
            so_what="No part can be made after it",
            next="Give a day, for example after=2022-02-24",
        )
    return DayAsked(after, until)


@dataclass(frozen=True, slots=True)
class Shares:
    """Some listed parts, of one item or of several."""

    parts: Sequence[ListedPart]

    @property
    def references(self) -> tuple[Reference, ...]:
        """The components counted."""
        return tuple(p.reference for p in self.parts)

    @property
    def n_marks(self) -> int:
        """Different marks, twins once."""
        return len({p.mark for p in self.parts if p.mark is not None})

    @property
    def countries(self) -> tuple[str, ...]:
        """Brand countries as listed, most parts first."""
        counts = Counter(p.brand_country for p in self.parts if p.brand_country is not None)
        return tuple(sorted(counts, key=lambda code: (-counts[code], code)))

    @property
    def after(self) -> Tally:
        """How many were made after the day asked."""
        return tally(p.is_after for p in self.parts)

    def where(self, wanted: Callable[[ListedPart], bool]) -> StatedValue:
        """Give how many are so, resting on those that are."""
        own = tuple(p.reference for p in self.parts if wanted(p))
        return StatedValue(len(own), "components", own)

    def values(self, day: DayAsked) -> dict[str, StatedValue]:
        """Give what sentences about these parts say; None for what they leave out."""
        told = self.where(lambda p: p.maker is not None)
        listed = self.where(lambda p: p.brand_country is not None)
        n_makers = len({p.maker for p in self.parts if p.maker is not None})
        others = self.countries[N_COUNTRIES:]
        return {
            "n_components": self.where(lambda _: True),
            "n_marks": StatedValue(self.n_marks, "marks", self.where(lambda p: p.mark is not None).rests_on),
            "n_unmarked": self.where(lambda p: p.mark is None),
            "n_makers": StatedValue(n_makers, "makers", told.rests_on),
            "n_no_maker": self.where(lambda p: p.maker is None),
            "n_countries": StatedValue(len(self.countries), "countries", listed.rests_on),
            **self._named_countries(),
            "n_country_other": _unless_none(self.where(lambda p: p.brand_country in others)),
            "n_no_country": _unless_none(self.where(lambda p: p.brand_country is None)),
            "n_dated": self.where(lambda p: p.state == "dated"),
            "n_ambiguous": self.where(lambda p: p.state == "ambiguous"),
            "after": StatedValue(day.last_on, "date"),
            "n_surely_after": self.where(lambda p: p.is_after is True),
            "n_possibly_after": self.where(lambda p: p.is_after is not False),
            "n_after_with_neighbours": self._with_neighbours(),
            "n_tier_1": self.where(lambda p: p.tier == "1"),
            "n_tiers": self.where(_is_on_list),
            "n_no_tier": self.where(lambda p: p.tier is None),
        }

    def _with_neighbours(self) -> StatedValue:
        """Said only where it differs from what the codes alone make sure."""
        count = self.where(lambda p: p.is_after_with_neighbours is True)
        return StatedValue(None, count.unit) if count.value == self.after.n_sure else count

    def _named_countries(self) -> dict[str, StatedValue]:
        named: dict[str, StatedValue] = {}
        for n in range(N_COUNTRIES):
            code = self.countries[n] if n < len(self.countries) else None
            count = self._from(code)
            named[f"country_{n + 1}"] = StatedValue(_country(code), None, count.rests_on)
            named[f"n_country_{n + 1}"] = _unless_none(count)
        return named

    def _from(self, code: str | None) -> StatedValue:
        return self.where(lambda p: code is not None and p.brand_country == code)

    def result(
        self,
        day: DayAsked,
        *,
        listing: Assumption,
        diagnostics: tuple[Diagnostic, ...] = (),
        left_out: tuple[LeftOut, ...] = (),
    ) -> Result:
        """Give the share made after the day asked; `listing` says how far the listing itself can be relied on."""
        return Result(
            method=METHOD,
            version=VERSION,
            n_used=len(self.parts),
            headline=self.after.interval(UNIT),
            parameters={"after": day.typed},
            left_out=(*left_out, *self._not_used()),
            assumptions=(listing, *self._assumptions()),
            diagnostics=(*self._diagnostics(), *diagnostics),
            sensitivity=self._sensitivity(),
        )

    def _not_used(self) -> tuple[LeftOut, ...]:
        """What was proposed and is not used: the part is counted, and cannot be told."""
        unused = {
            "maker": [p.judged_maker for p in self.parts if p.maker is None],
            "date": [p.judged_date for p in self.parts if p.state == "undated"],
        }
        return tuple(
            LeftOut(f"{what} proposed, and {left.why}", left.n)
            for what, states in unused.items()
            for left in not_used(states, confirmed_only=True)
        )

    def _assumptions(self) -> tuple[Assumption, ...]:
        n = len(self.parts)
        n_brand = sum(p.maker_basis == "stated brand" for p in self.parts)
        n_told = sum(p.maker is not None for p in self.parts)
        makers = count_judged(p.judged_maker for p in self.parts if p.maker is not None)
        dates = count_judged(p.judged_date for p in self.parts if p.state != "undated")
        n_tiers = sum(p.tier is not None for p in self.parts)
        return (
            Assumption(
                "A brand in a wreck is no accusation: it names whose mark is on a part, not who sold it or to whom",
                "untestable",
                "no part here is followed from its maker to the item",
            ),
            Assumption(
                "A part listed under a brand was made by the house of that name; lines of one house count apart",
                "weak" if n_brand else "ok",
                f"{n_brand} of {n_told} makers are told by the listed brand alone",
            ),
            Assumption(
                "The marks are genuine and read right",
                "untestable",
                "re-marked parts are known in this trade; the listing shows no comparison of top and bottom marks",
            ),
            *(found.assumption(words) for found, words in ((makers, "makers"), (dates, "dates")) if found.n_used),
            Assumption(
                "A brand's country is the seat of its house, as listed; where a part was made is not known",
                "ok",
                f"{sum(p.brand_country is None for p in self.parts)} of {n} have no country listed",
            ),
            Assumption(
                "The tier follows from the HS code that fits what such parts do",
                "weak",
                f"the code of {n_tiers} of {n} is our reading of their function, not a customs ruling",
            ),
        )

    def _diagnostics(self) -> tuple[Diagnostic, ...]:
        n, marked = len(self.parts), [p for p in self.parts if p.mark is not None]
        readable = tally({"dated": True, "ambiguous": None, "undated": False}[p.state] for p in self.parts)
        n_apart = sum(
            p.brand_country is not None and p.maker_country is not None and p.brand_country != p.maker_country
            for p in self.parts
        )
        pieces = sum(1 if p.quantity is None else p.quantity for p in self.parts)
        found = [
            Diagnostic(
                "parts with a readable date", readable.n_sure, f"of {n}; {readable.n_possible} with the ambiguous ones"
            ),
            Diagnostic("twins", len(marked) - self.n_marks, "parts whose mark another part of the same item bears too"),
            Diagnostic("listed country is not the maker's in the reference", n_apart, "both are kept"),
        ]
        if pieces != n:
            found.append(Diagnostic("pieces", pieces, f"in {n} listed components; a component is counted once"))
        return tuple(found)

    def _sensitivity(self) -> tuple[Changed, ...]:
        marks = [p.mark for p in self.parts]
        tallies = {
            "decades closed by neighbours taken as right": tally(p.is_after_with_neighbours for p in self.parts),
            "only rules a maker documents": tally(p.is_after_documented for p in self.parts),
            "twins counted once": tally(once([p.is_after for p in self.parts], marks)),
        }
        rows = [Changed(change, found.low, found.high) for change, found in tallies.items()]
        known = tally(p.is_after for p in self.parts if p.is_after is not None)
        if known.n_all:
            rows.append(Changed("parts that cannot be told left out, not counted both ways", known.low, known.high))
        return tuple(rows)


def _is_on_list(part: ListedPart) -> bool:
    return part.tier is not None and part.tier != NOT_LISTED


def _unless_none(count: StatedValue) -> StatedValue:
    """A clause that would say "0 others" is left out."""
    return count if count.value else StatedValue(None, count.unit)


def _country(code: str | None) -> str | None:
    """The short name; user-assigned codes have none that tells them apart."""
    if code is None or code.startswith("X"):
        return code
    return country_name(code) or code
