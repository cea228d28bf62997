"""A marking as text → who made it and when, best first, with reasons; and why the rest cannot be read.

Invariant: abstain rather than guess. A token is offered as a date code only under a rule of a maker who is told by the
part family, the marking or the source; no rule is borrowed from one maker for another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from taggant.identification.date_codes import CodeReading, read_code
from taggant.identification.maker_cues import MakerCue, Told, told_makers
from taggant.identification.mark_parts import PartNumber, Piece, other_pieces, part_numbers
from taggant.identification.tokens import Token, tokens
from taggant.model.dates import DateRange
from taggant.model.result import Json
from taggant.reference import DateCodeRule, PartFamily, rules_for

_SPECIFIC = {"high": 2, "medium": 1, "low": 0}
_KNOWN = {"documented": 2, "secondary": 1, "inferred": 0}
_ZEROS = ("O", "О")
"""Latin and Cyrillic: makers print no letter where the year's digit stands, but people type one."""
_LONG_ENOUGH_AFTER_HYPHEN = 6
"""`22AXTXW` behind `G4A-` is a code; `232` behind `RS-` is an interface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateReading:
    """One token read as a date code by one rule."""

    token: Token
    rule: DateCodeRule
    code: CodeReading
    ranges: tuple[DateRange, ...]
    closed_by: tuple[str, ...]
    support: tuple[str, ...]
    is_own_rule: bool
    is_next_to_part: bool

    @property
    def rank(self) -> tuple[int, int, int, bool, int, bool, int]:
        """What makes a reading better: fitting neighbours, a form of its own, length, whose rule, its place."""
        return (
            len(self.support),
            _SPECIFIC[self.rule.specificity or "low"],
            len(self.token.text),
            self.is_own_rule,
            _KNOWN[self.rule.status],
            self.is_next_to_part,
            self.token.start,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One way to read the marking: a maker, a part, and at most one date code."""

    cue: MakerCue | None
    part_number: str | None
    part_basis: str | None
    reading: DateReading | None
    reasons: tuple[str, ...]
    number: PartNumber | None = None

    def as_json(self) -> Json:
        """Give the candidate as Appendix B has it."""
        code: Json = None
        if self.reading is not None:
            r = self.reading
            code = {
                "token": r.token.text,
                "span": [r.token.start, r.token.end],
                "rule": r.rule.id,
                "status": r.rule.status,
                "ranges": [list(one.iso()) for one in r.ranges],
                "ruled_out_by_launch": [list(one.iso()) for one in r.code.ranges if one not in r.ranges],
                "tolerance_days": r.rule.tolerance_days,
                "closed_by": list(r.closed_by),
                "ambiguity": ambiguity(r),
            }
        return {
            "maker": self.cue.maker.name if self.cue else None,
            "maker_id": self.cue.maker.maker_id if self.cue else None,
            "maker_basis": self.cue.basis if self.cue else None,
            "part_number": self.part_number,
            "part_basis": self.part_basis,
            "part_span": [self.number.start, self.number.end] if self.number else None,
            "part_ending": self.number.ending if self.number else None,
            "date_code": code,
            # No validation data exist yet for the choice among candidates: their order is a rank, not a weight.
            "weight_llr10": None,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """All that was read in one marking, best first, and what was refused."""

    text: str
    known_by: date
    candidates: tuple[Candidate, ...]
    refusals: tuple[tuple[str, str], ...]
    """(kind, words); kinds are the levels of `made_range.why_kind`."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What stands beside part number and date code of the first candidate: countries, lots, codes, words."""
        first = self.candidates[0] if self.candidates else None
        at = (first.reading.token.start, first.reading.token.end) if first and first.reading else None
        return other_pieces(tokens(self.text), first.number if first else None, at)

    @property
    def best(self) -> Candidate | None:
        """The first candidate with a date, or None."""
        return next((c for c in self.candidates if c.reading is not None), None)

    def as_json(self) -> Json:
        """Give it as `taggant decode --json` prints it."""
        return {
            "text": self.text,
            "known_by": self.known_by.isoformat(),
            "candidates": [c.as_json() for c in self.candidates],
            "pieces": [p.as_json() for p in self.pieces],
            "refusals": [words for _, words in self.refusals],
        }


def ambiguity(reading: DateReading) -> str | None:
    """In which way is a reading not one range? None when it is.

    Notes
    -----
    Assumes: several ranges differ by their decade. Not for: doubts about the letters themselves (`read_quality`).
    """
    parts = []
    if len(reading.ranges) > 1:
        years = [str(r.from_on.year) for r in reading.ranges if r.from_on is not None]
        parts.append(f"decade: {'/'.join(years)}")
    if reading.rule.ambiguity:
        parts.append(reading.rule.ambiguity)
    return "; ".join(parts) or None


def decode(
    text: str,
    *,
    known_by: date,
    as_of: date | None = None,
    maker: str | None = None,
    brand: str | None = None,
    part_number: str | None = None,
) -> Decoded:
    """Who made this part, and when, by what is marked on it?

    Parameters
    ----------
    text : str
        The marking, letter for letter; lines parted by white space or `|`.
    known_by : date
        The last day it can have been made: it was recovered or known then.
    as_of : date, optional
        The day the answer is for; `known_by` when left out.
    maker, brand : str, optional
        Who is known to have made it; the name a source gives. The part family speaks before a brand.
    part_number : str, optional
        As the source gives it; helps to tell the family.

    Returns
    -------
    Decoded
        Candidates best first — order is a rank, not a weight — and refusals with their reasons.

    Notes
    -----
    Assumes: the marking is genuine and read right; one date code a marking.
    Not for: labels with several codes, serials.

    Examples
    --------
    >>> d = decode("TMS320F28335PGFA G4A-22AXTXW", known_by=date(2023, 9, 30))
    >>> d.best.cue.maker.name, d.best.reading.token.text, [r.iso()[0] for r in d.best.reading.ranges]
    ('Texas Instruments', '22AXTXW', ['2012-02-01', '2022-02-01'])
    """
    pieces = tokens(text)
    told = told_makers(pieces, maker=maker, brand=brand, part_number=part_number)
    cues, families, refusals = told.cues, told.families, list(told.refusals)
    candidates: list[Candidate] = []
    for cue in cues:
        readings, refused = _readings(pieces, cue, families, known_by, as_of)
        refusals += refused
        reasons = [f"{cue.maker.name}: by the {cue.basis}"]
        if cue.note:
            reasons.append(cue.note)
        for reading in readings or (None,):
            number, said, basis = _number_for(pieces, told, cue, reading, part_number)
            why = (*reasons, *_why(reading)) if reading is not None else tuple(reasons)
            candidates.append(
                Candidate(cue=cue, part_number=said, part_basis=basis, reading=reading, reasons=why, number=number)
            )
    if not cues:
        number, said, basis = _number_for(pieces, told, None, None, part_number)
        if said is not None:
            told_by = "family, which several houses make" if number and number.family else "form"
            reason = f"{said}: a part number by its {told_by}"
            candidates.append(
                Candidate(cue=None, part_number=said, part_basis=basis, reading=None, reasons=(reason,), number=number)
            )
    # A maker better told comes first; what cannot be dated stands behind what can.
    told_first = cues[0].maker.maker_id if cues else None
    candidates.sort(key=lambda c: (c.cue is None or c.cue.maker.maker_id != told_first, c.reading is None))
    return Decoded(text=text, known_by=known_by, candidates=tuple(candidates), refusals=tuple(dict.fromkeys(refusals)))


def _number_for(
    pieces: Sequence[Token], told: Told, cue: MakerCue | None, reading: DateReading | None, stated: str | None
) -> tuple[PartNumber | None, str | None, str | None]:
    """The part number beside this maker and this date code; its text; how it is told."""
    for number in told.numbers:
        family = number.family
        if family is not None and (family.is_generic or (cue is not None and family.maker_id == cue.maker.maker_id)):
            return number, number.text, "part family"
    if stated is not None:
        return None, stated, "stated"
    if any(n.family is not None and not n.family.is_generic for n in told.numbers):
        # Another house's number, when this maker is only stated: it is still what is printed.
        number = told.numbers[0]
        return number, number.text, "part family"
    taken = {(reading.token.start, reading.token.end)} if reading is not None else set()
    whole = [p for p in pieces if reading is None or not (p.start <= reading.token.start < p.end)]
    found = part_numbers(whole, taken=taken)
    return (found[0], found[0].text, found[0].basis) if found else (None, None, None)


def _readings(
    pieces: Sequence[Token],
    cue: MakerCue,
    families: Sequence[tuple[PartFamily, str]],
    known_by: date,
    as_of: date | None,
) -> tuple[list[DateReading], list[tuple[str, str]]]:
    rules = [r for r in rules_for(cue.maker.maker_id) if _fits_family(r, pieces)]
    refusals: list[tuple[str, str]] = []
    if not rules:
        return [], [("no rule", f"no date-code rule of {cue.maker.name} is known")]
    family_words = {word for _, word in families} | {piece for _, word in families for piece in word.split()}
    readings: list[DateReading] = []
    for rule in rules:
        if not rule.readable:
            refusals.append(("no code", f"{rule.title}: {rule.unreadable_because}"))
            continue
        for n, piece in enumerate(pieces):
            if piece.text in family_words or piece.is_quantity:
                continue
            if piece.is_after_hyphen and len(piece.text) < _LONG_ENOUGH_AFTER_HYPHEN:
                continue
            support = _support(rule, pieces, n)
            if support is None:
                continue
            code, mended = _read(piece.text, rule, support, known_by, as_of)
            if code is None:
                continue
            support = (*support, *mended)
            if code.impossible is not None:
                refusals.append(("impossible", f"{piece.text!r} by rule {rule.id} has {code.impossible}"))
                continue
            if not code.ranges:
                refusals.append(("after known", f"{piece.text!r} by rule {rule.id} is later than {known_by}"))
                continue
            closed = ("known",) if len(code.ranges) < code.n_before_closing else ()
            ranges = _after_launch(code.ranges, cue, families)
            if len(ranges) < len(code.ranges):
                closed = (*closed, "launch")
            if not ranges:
                refusals.append(("impossible", f"{piece.text!r} by rule {rule.id} is before its family was launched"))
                continue
            readings.append(
                DateReading(
                    token=piece,
                    rule=rule,
                    code=code,
                    ranges=ranges,
                    closed_by=closed,
                    support=support,
                    is_own_rule=rule.maker == cue.maker.maker_id,
                    is_next_to_part=n > 0 and pieces[n - 1].text in family_words,
                )
            )
    readings.sort(key=lambda r: r.rank, reverse=True)
    best = _one_per_token(readings)
    if not best and not any(kind in {"impossible", "after known"} for kind, _ in refusals):
        refusals.append(("no code", f"nothing in the marking has the form of a date code of {cue.maker.name}"))
    return best, refusals


def _read(
    text: str, rule: DateCodeRule, support: tuple[str, ...], known_by: date, as_of: date | None
) -> tuple[CodeReading | None, tuple[str, ...]]:
    """The token as printed; where that has not the form, with a leading O as zero, if neighbours speak for it."""
    code = read_code(text, rule, known_by=known_by, as_of=as_of)
    if code is not None or not support or not text.startswith(_ZEROS) or rule.years:
        return code, ()
    code = read_code("0" + text[1:], rule, known_by=known_by, as_of=as_of)
    if code is None or not code.ranges:
        return None, ()
    return code, (f"{text[0]} read as zero",)


def _fits_family(rule: DateCodeRule, pieces: Sequence[Token]) -> bool:
    return not rule.part_families or any(f.match(p.text) for f in rule.part_families for p in pieces)


def _support(rule: DateCodeRule, pieces: Sequence[Token], n: int) -> tuple[str, ...] | None:
    """Which neighbours fit the rule; None when one that is required does not."""
    whole = [p for p in pieces if (not p.is_after_hyphen and any(map(str.isalnum, p.text))) or p is pieces[n]]
    at = whole.index(pieces[n])
    previous = whole[at - 1].text if at > 0 else None
    following = whole[at + 1].text if at + 1 < len(whole) else None
    found: list[str] = []
    for wanted, neighbour, side in ((rule.after, previous, "after"), (rule.before, following, "before")):
        if wanted is None:
            continue
        if neighbour is not None and wanted.fullmatch(neighbour):
            found.append(f"stands {side} {neighbour}")
        elif rule.require_neighbour:
            return None
    if rule.part_families:
        found.append("part family fits")
    if not rule.standalone and not found:
        return None
    return tuple(found)


def _after_launch(
    ranges: tuple[DateRange, ...], cue: MakerCue, families: Sequence[tuple[PartFamily, str]]
) -> tuple[DateRange, ...]:
    launches = [f.launched_on for f, _ in families if f.maker_id == cue.maker.maker_id and f.launched_on is not None]
    if not launches:
        return ranges
    first = max(launches)
    return tuple(r for r in ranges if r.until_on is None or r.until_on > first)


def _one_per_token(readings: Sequence[DateReading]) -> list[DateReading]:
    kept: dict[tuple[int, int], DateReading] = {}
    for reading in readings:
        kept.setdefault((reading.token.start, reading.token.end), reading)
    return list(kept.values())


def _why(reading: DateReading) -> tuple[str, ...]:
    first = f"{reading.token.text}: {reading.rule.title} ({reading.rule.status})"
    closed = tuple(f"other ranges ruled out by {c}" for c in reading.closed_by)
    return (first, *reading.support, *closed)
