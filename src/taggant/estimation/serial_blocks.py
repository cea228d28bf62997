"""Runs of serials: which items each holds, what their numbers say, and what that leaves open.

Invariant: runs are never pooled, and finds of one incident count as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from taggant.estimation.serial_headline import Influence, influence_of, numbers_apart
from taggant.estimation.serials import production_from_serials
from taggant.model.finding import Finding, Reference, StatedValue
from taggant.model.judgements import LEFT_OUT as NOT_USED
from taggant.model.judgements import SURE
from taggant.model.result import Assumption, Changed, LeftOut, Result
from taggant.statistics.serial_misreads import MISREAD
from taggant.statistics.serial_runs import Prior, RunPosterior, Start, run_posterior

LEFT_OUT = {
    "no serial": "no serial is stated",
    "no prefix": "no prefix is stated, so the run is not known",
    "no number": "the serial is not letters followed by a number",
    "lot": "numbered by lots, not by items",
    "several": "the row may mix several items",
    "no day": "its run begins again, and no day tells which part it is of",
    "below 1": "the number is below 1, where the run cannot begin",
    "doubtful": "the number was read doubtfully",
    "apart": "the number does not fit the others of its run: misread, or another run's",
    **NOT_USED,
}

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """One item with a number: where it came from, and the day by which it had been made.

    `is_event_known`: the day or the place of its incident is stated, so that it can be told from another.
    """

    item_id: str
    verbatim: str
    number: int
    incident_id: str
    is_event_known: bool
    existed_on: date | None
    n_readings: int
    disagrees: tuple[str, ...]
    judged: str | None = None


@dataclass(frozen=True, kw_only=True)
class Block:
    """One run with its items and its answer.

    Attributes
    ----------
    block_id, name : str
        The run; its prefix as most often written.
    items : tuple of Numbered
        By number; those whose number was read doubtfully are not among them.
    doubtful : tuple of Numbered
        The others of the run, by number; the answer is made without them.
    apart : tuple of Numbered
        Those that do not fit the rest (`numbers_apart`); the answer is made without them too.
    start, prior : str
        The options its answer was made with.
    result : Result
        What `production_from_serials` says.
    """

    block_id: str
    name: str
    kind: str | None
    designation: str | None
    producer: str | None
    prefix: str
    items: tuple[Numbered, ...]
    doubtful: tuple[Numbered, ...]
    apart: tuple[Numbered, ...]
    start: Start
    prior: Prior
    result: Result

    @property
    def n_incidents(self) -> int:
        """How many events the items come from."""
        return len({i.incident_id for i in self.items})

    @property
    def smallest(self) -> int:
        """The smallest number seen."""
        return self.items[0].number

    @property
    def largest(self) -> Numbered:
        """The item with the largest number."""
        return self.items[-1]

    @property
    def seen_on(self) -> date | None:
        """Every item counted had been made by this day; None when that of one is not known."""
        days = [i.existed_on for i in self.items if i.existed_on is not None]
        return max(days) if len(days) == len(self.items) else None

    def floor_by(self, day: date) -> int | None:
        """At least how many had been made by this day, by the numbers alone? None when no item existed by then."""
        there = [i.number for i in self.items if i.existed_on is not None and i.existed_on <= day]
        if not there:
            return None
        return max(there) if self.start == "1" else max(there) - self.smallest + 1

    @property
    def influence(self) -> Influence | None:
        """Does one number decide the answer, or do they lie too unevenly? None where there is no answer."""
        if self.result.refused is not None:
            return None
        return influence_of([i.number for i in self.items], self.posterior_of(self.items))

    def statement(self, of: str) -> str:
        """The key of the sentence about this run: of the run alone (``block``), or as lead of the case (``case``)."""
        if self.result.refused is not None:
            return f"how-many.{of}.refused"
        if self.apart:
            return f"how-many.{of}.apart"
        influence = self.influence
        return f"how-many.{of}" if influence is None else f"how-many.{of}.{influence.kind}"

    def posterior_of(self, items: Sequence[Numbered]) -> RunPosterior:
        """The posterior by these of its items alone."""
        return run_posterior(
            [i.number for i in items],
            start=self.start,
            prior=self.prior,
            n_independent=_n_independent(items),
        )

    def row(self) -> dict[str, object]:
        """The row of `block`."""
        headline, refused = self.result.headline, self.result.refused
        return {
            "block_id": self.block_id,
            "name": self.name,
            "kind": self.kind,
            "designation": self.designation,
            "producer": self.producer,
            "prefix": self.prefix,
            "n_items": len(self.items),
            "n_incidents": self.n_incidents,
            "smallest": self.smallest,
            "largest": self.largest.number,
            "largest_item_id": self.largest.item_id,
            "largest_on": self.largest.existed_on,
            "seen_on": self.seen_on,
            "low": headline.low if headline else None,
            "median": headline.point if headline else None,
            "high": headline.high if headline else None,
            "refused": refused.why if refused else None,
        }


def blocks_of(readings: pl.DataFrame, incidents: pl.DataFrame, *, start: Start, prior: Prior) -> tuple[Block, ...]:
    """Which runs do these serials belong to, and how long is each?

    Parameters
    ----------
    readings, incidents : polars.DataFrame
        `serial_reading` and `incident`.
    start, prior
        As for `production_from_serials`.

    Returns
    -------
    tuple of Block
        Most incidents first. A run of which every number was read doubtfully is none.

    Raises
    ------
    InputError
        A number does not fit the start.

    Notes
    -----
    *Assumes:* items of one kind, designation, producer (where known) and prefix share a run; nobody has judged that.
    *Not for:* adding runs up: their lengths may overlap where one run is continued under another prefix.

    Examples
    --------
    >>> from taggant.model.derived_tables import DERIVED
    >>> from taggant.model.tables import frame_schema
    >>> from taggant.model.typed_tables import TYPED
    >>> none = (pl.DataFrame(schema=frame_schema(t)) for t in (DERIVED["serial_reading"], TYPED["incident"]))
    >>> blocks_of(*none, start="positive", prior="1/N")
    ()
    """
    found = []
    is_told = pl.any_horizontal(pl.col("occurred", "place").is_not_null())
    known = set(incidents.filter(is_told)["incident_id"].to_list())
    read = readings.filter((pl.col("state") == "read") & possible(start)).sort("number", "item_id")
    doubted = read.filter(is_doubtful())
    read = read.filter(~is_doubtful())
    loose = readings.filter((pl.col("why_kind") == "no prefix") & possible(start))
    for (block_id,), rows in read.group_by("block_id", maintain_order=True):
        first = rows.row(0, named=True)
        items = tuple(_numbered(r, known) for r in rows.iter_rows(named=True))
        doubtful = tuple(
            _numbered(r, known) for r in doubted.filter(pl.col("block_id") == block_id).iter_rows(named=True)
        )
        left = _left_out(loose.filter(pl.col("kind") == first["kind"]))
        if doubtful:
            left = (*left, LeftOut(LEFT_OUT["doubtful"], len(doubtful)))
        chances = [MISREAD.get(q or "likely", MISREAD["likely"]) for q in rows["read_quality"].to_list()]
        apart: tuple[Numbered, ...] = ()
        outside = numbers_apart(
            [i.number for i in items], chances=chances, start=start, prior=prior, n_independent=_n_independent(items)
        )
        if outside.numbers and not outside.is_too_many:
            apart = tuple(i for i in items if i.number in outside.numbers)
            chances = [c for c, i in zip(chances, items, strict=True) if i.number not in outside.numbers]
            items = tuple(i for i in items if i.number not in outside.numbers)
            left = (*left, LeftOut(LEFT_OUT["apart"], len(apart)))
        result = production_from_serials(
            [i.number for i in items],
            chances=chances,
            start=start,
            prior=prior,
            n_independent=_n_independent(items),
            left_out=left,
        )
        written = Counter(rows["prefix_as_written"].to_list())
        block = Block(
            block_id=str(block_id),
            name=min(written, key=lambda w: (-written[w], w)),
            kind=first["kind"],
            designation=first["designation"],
            producer=first["producer"],
            prefix=first["prefix"],
            items=items,
            doubtful=doubtful,
            apart=apart,
            start=start,
            prior=prior,
            result=result,
        )
        same_kind = loose.filter((pl.col("kind") == first["kind"]) & pl.col("number").is_not_null())
        found.append(replace(block, result=_in_case(block, same_kind)))
    return tuple(sorted(found, key=lambda b: (-b.n_incidents, b.block_id)))


def possible(start: Start) -> pl.Expr:
    """Which numbers can stand in a run that begins so?

    Notes
    -----
    *Assumes:* a number of 0 in a run that begins at 1 or later is a prototype's, or misread.
    *Not for:* runs that may begin anywhere: there every number can.
    """
    return pl.lit(True) if start == "any" else pl.col("number") >= 1


def is_doubtful() -> pl.Expr:
    """Which numbers are too unsurely read to carry an answer?

    Notes
    -----
    *Assumes:* a source that calls its reading doubtful means the number, not the letters before it only.
    *Not for:* numbers of which no quality is stated: they count, and the answer says that nobody has confirmed them.
    """
    return (pl.col("read_quality") == "doubtful").fill_null(value=False)


def block_finding(block: Block, as_of: date | None) -> Finding:
    """What do the numbers of this run say?

    Parameters
    ----------
    block : Block
    as_of : date or None
        The day the answer is for.

    Returns
    -------
    Finding
        Statement ``how-many.block``, or with ``.apart``, ``.influential``, ``.uneven`` or ``.refused`` after it.

    Notes
    -----
    *Assumes:* and *Not for:* as `production_from_serials`.
    """
    return Finding(
        finding_id=f"how-many:block:{block.block_id}",
        question="how-many",
        on=as_of,
        statement=block.statement("block"),
        values=block_values(block),
        subject={"block": block.block_id} | ({} if block.producer is None else {"producer": block.producer}),
        result=block.result,
        supports=_references(block.items),
    )


def block_values(block: Block) -> dict[str, StatedValue]:
    """Which values may a sentence about this run name, each with the items it rests on?

    Notes
    -----
    *Assumes:* what the run's result assumes.
    *Not for:* sentences: they stand in `report/phrases`.
    """
    items, largest = _references(block.items), (Reference("item", block.largest.item_id),)
    ends = tuple(sorted({*largest, Reference("item", block.items[0].item_id)}))
    values = {
        "block": StatedValue(block.name, None, items),
        "thing": StatedValue(block.designation or block.kind, None, items),
        "n_items": StatedValue(len(block.items), "items", items),
        "n_incidents": StatedValue(block.n_incidents, "incidents", items),
        "smallest": StatedValue(block.smallest, None, (Reference("item", block.items[0].item_id),)),
        "largest": StatedValue(block.largest.number, None, largest),
        "largest_on": StatedValue(block.largest.existed_on, "date", largest),
        "seen_on": StatedValue(block.seen_on, "date", items),
    }
    headline = block.result.headline
    if headline is not None:
        values |= {
            "low": StatedValue(headline.low, "items", ends),
            "median": StatedValue(headline.point, "items", items),
            "high": StatedValue(headline.high, "items", items),
        }
    if block.apart:
        values["apart"] = StatedValue(", ".join(i.verbatim for i in block.apart), None, _references(block.apart))
        values["n_apart"] = StatedValue(len(block.apart), "items", _references(block.apart))
    influence = block.influence
    if influence is not None:
        others = _references(block.items[:-1])
        values |= {
            "low_without": StatedValue(influence.low_without, "items", others),
            "high_without": StatedValue(influence.high_without, "items", others),
        }
    return values


def _references(items: Sequence[Numbered]) -> tuple[Reference, ...]:
    return tuple(Reference("item", i.item_id) for i in items)


def _numbered(row: dict[str, Any], known: set[str]) -> Numbered:
    return Numbered(
        item_id=row["item_id"],
        verbatim=row["verbatim"],
        number=row["number"],
        # An item without a stated incident is taken as one of its own, and counted among those nothing is stated of.
        incident_id=row["incident_id"] or f"item {row['item_id']}",
        is_event_known=row["incident_id"] in known,
        existed_on=row["existed_on"],
        n_readings=row["n_readings"],
        disagrees=tuple(row["disagrees"] or ()),
        judged=row.get("judged"),
    )


def _n_independent(items: Sequence[Numbered]) -> int:
    return min(len({i.incident_id for i in items}), len({i.number for i in items}))


def _left_out(readings: pl.DataFrame) -> tuple[LeftOut, ...]:
    counts = readings.group_by("why_kind").len().sort("why_kind")
    return tuple(LeftOut(LEFT_OUT[kind], n) for kind, n in counts.iter_rows())


def _in_case(block: Block, loose: pl.DataFrame) -> Result:
    """The answer with what only the case can say: how the run was put together, and who may belong to it too."""
    result = block.result
    if result.refused is not None:
        return result
    n = len(block.items)
    n_second = sum(i.n_readings > 1 for i in block.items)
    n_disagree = sum(bool(i.disagrees) for i in block.items)
    n_vague = sum(not i.is_event_known for i in block.items)
    called = block.designation or block.kind
    n_unconfirmed = sum(i.judged not in SURE for i in block.items)
    judged = (
        f"{n_unconfirmed} of {n} readings unconfirmed" if n_unconfirmed else f"all {n} readings confirmed by a person"
    )
    read = f"{judged}; {n_second} of {n} serials are stated by two sources or more"
    more: tuple[Assumption, ...] = (
        Assumption(
            f"Numbers with the prefix {block.name} on what is called {called} are one run",
            "weak",
            f"the prefix, kind and designation are the same; {_producer_known(block)}, and nobody has judged it",
        ),
        Assumption(
            "The serials are read right, letters of one shape being one letter",
            "weak" if n_unconfirmed or n_disagree else "ok",
            f"{read}, {n_disagree} of them otherwise",
        ),
        Assumption(
            "The incidents are independent of one another",
            "weak" if n_vague else "ok",
            f"{block.n_incidents} incidents for {n} items; neither day nor place is stated for {n_vague} items",
        ),
        Assumption(
            "What was made lately has had time to be found",
            "untestable",
            "days of making are not known for enough items; what is too new to be found is not counted",
        ),
    )
    changes = result.sensitivity
    if block.apart:
        named = ", ".join(i.verbatim for i in block.apart)
        why = f"by the other numbers, {named} lie outside with a probability of 0.95 or more (serials-misread-v1)"
        more = (*more, Assumption("The numbers left out are misread, or another run's", "weak", why))
        wider = block.posterior_of((*block.items, *block.apart))
        changes = (*changes, Changed("with the numbers that do not fit the others", wider.least, wider.quantile(0.95)))
    if block.doubtful:
        changes = (*changes, _with_doubtful(block))
    if not loose.is_empty():
        numbers = [i.number for i in block.items] + loose["number"].to_list()
        wider = run_posterior(numbers, start=block.start, prior=block.prior)
        text = f"with the {loose.height} items whose prefix is not stated"
        changes = (*changes, Changed(text, wider.least, wider.quantile(0.95)))
    return replace(result, assumptions=(*more, *result.assumptions), sensitivity=changes)


def _with_doubtful(block: Block) -> Changed:
    wider = block.posterior_of((*block.items, *block.doubtful))
    named = ", ".join(i.verbatim for i in block.doubtful[:_MOST_NAMED])
    if len(block.doubtful) > _MOST_NAMED:
        named += f" and {len(block.doubtful) - _MOST_NAMED} more"
    number = "number" if len(block.doubtful) == 1 else "numbers"
    return Changed(f"with the doubtful {number} {named}", wider.least, wider.quantile(0.95))


def _producer_known(block: Block) -> str:
    return "the producer is not known" if block.producer is None else f"the producer is {block.producer}"
