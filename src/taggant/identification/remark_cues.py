"""What on a part does not fit together: cues that it was marked anew, each with its harmless readings.

Invariant: a cue is never a verdict. None is given without at least one harmless reading beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from taggant.identification.date_codes import read_code
from taggant.identification.decode import Candidate, Decoded
from taggant.identification.tokens import Token, tokens
from taggant.model.result import Json
from taggant.reference import DateCodeRule, load_date_code_rules, maker_family
from taggant.writing.lookalikes import fold_shapes

_HARMLESS = {
    "before launch": (
        "the token may be a lot, not a date",
        "samples are made before a launch",
        "the day of launch may be wrong in the reference",
    ),
    "format of another maker": (
        "the maker may have a form of code that no rule here knows",
        "makers are bought, and plants keep their forms for years",
        "the token may be a lot that only looks like a date code",
    ),
    "sides name two makers": (
        "a contract plant may mark its own name below",
        "one maker may have bought the other",
        "one side may be misread",
    ),
    "sides name two parts": (
        "the lower side may bear the number of the die, the frame or the lot",
        "one side may be misread",
    ),
    "sides are of two dates": (
        "the lower side may bear the date of the die or the test, not of assembly",
        "one of the two may be a lot, not a date",
        "one side may be misread",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkCue:
    """One thing that does not fit.

    Attributes
    ----------
    kind : str
        `before launch`, `format of another maker`, `sides name two makers`, `sides name two parts`,
        `sides are of two dates`.
    text : str
        What was seen, in one clause.
    """

    kind: str
    text: str

    @property
    def harmless(self) -> tuple[str, ...]:
        """What else would look so."""
        return _HARMLESS[self.kind]

    def as_json(self) -> Json:
        """Give it for `decode --json`."""
        return {"kind": self.kind, "text": self.text, "harmless": list(self.harmless)}


def remark_cues(decoded: Decoded, *, below: Decoded | None = None) -> tuple[RemarkCue, ...]:
    """What in this marking, or between the two sides of the part, does not fit together?

    Parameters
    ----------
    decoded : Decoded
        The marking, or that of the upper side.
    below : Decoded, optional
        That of the lower side.

    Returns
    -------
    tuple of RemarkCue
        Empty where everything fits or too little is told. No cue is a verdict; none says by itself that a part is
        counterfeit.

    Notes
    -----
    *Assumes:* the letters are read right. Two dates fit when they come within the tolerances of their rules; a date
    left open (several decades) fits when any of its ranges does.
    *Not for:* surfaces, fonts, sanding and blacktopping: they need the part, not its text.

    Examples
    --------
    >>> from datetime import date
    >>> from taggant.identification.decode import decode
    >>> top, bottom = (decode(t, known_by=date(2023, 9, 30)) for t in ("TMS320F28335PGFA", "STM32F405RGT6"))
    >>> [cue.kind for cue in remark_cues(top, below=bottom)]
    ['sides name two makers', 'sides name two parts']
    >>> remark_cues(top)
    ()
    """
    found = [
        RemarkCue(kind="before launch", text=words) for _, words in decoded.refusals if words.endswith(_BEFORE_LAUNCH)
    ]
    found += _foreign_format(decoded)
    return (*found, *(() if below is None else _sides(decoded, below)))


_BEFORE_LAUNCH = "is before its family was launched"


def _first(decoded: Decoded) -> Candidate | None:
    return decoded.candidates[0] if decoded.candidates else None


def _foreign_format(decoded: Decoded) -> list[RemarkCue]:
    """A token that has a telling form of another maker, where the part's own maker has rules and none fits."""
    first = _first(decoded)
    if first is None or first.cue is None or first.number is None or first.number.family is None:
        return []
    maker = first.cue.maker
    if first.number.family.maker_id != maker.maker_id or decoded.best is not None:
        return []
    kin = {maker.maker_id, *maker_family(maker.maker_id)}
    rules = load_date_code_rules()
    if not any(r.readable and r.maker in kin for r in rules):
        return []
    pieces = [p for p in tokens(decoded.text) if (p.start, p.end) not in set(first.number.tokens)]
    for rule in rules:
        # Only forms that hardly anything else has: four digits are a date of half the makers there are.
        if not rule.readable or rule.maker is None or rule.maker in kin or rule.specificity != "high":
            continue
        token = _fitting(rule, pieces, decoded)
        if token is not None:
            text = f"{first.part_number} is a part of {maker.name}, but {token.text!r} has the form of {rule.title!r}"
            return [RemarkCue(kind="format of another maker", text=f"{text} ({rule.maker})")]
    return []


def _fitting(rule: DateCodeRule, pieces: Sequence[Token], decoded: Decoded) -> Token | None:
    if rule.require_neighbour or rule.part_families or not rule.standalone:
        return None
    for piece in pieces:
        if piece.is_quantity or piece.is_after_hyphen:
            continue
        code = read_code(piece.text, rule, known_by=decoded.known_by)
        if code is not None and code.ranges:
            return piece
    return None


def _sides(above: Decoded, below: Decoded) -> tuple[RemarkCue, ...]:
    one, other = _first(above), _first(below)
    found: list[RemarkCue] = []
    if one is None or other is None:
        return ()
    if one.cue is not None and other.cue is not None:
        a, b = one.cue.maker, other.cue.maker
        if a.maker_id != b.maker_id and b.maker_id not in maker_family(a.maker_id):
            found.append(RemarkCue(kind="sides name two makers", text=f"above {a.name}, below {b.name}"))
    if (
        one.part_number
        and other.part_number
        and "part family" == one.part_basis == other.part_basis
        and not _is_part_of(one.part_number, other.part_number)
    ):
        text = f"above {one.part_number}, below {other.part_number}"
        found.append(RemarkCue(kind="sides name two parts", text=text))
    if above.best is not None and below.best is not None and not _dates_meet(above.best, below.best):
        a_said, b_said = _said(above.best), _said(below.best)
        found.append(RemarkCue(kind="sides are of two dates", text=f"above {a_said}, below {b_said}"))
    return tuple(found)


def _is_part_of(a: str, b: str) -> bool:
    one, other = fold_shapes(a), fold_shapes(b)
    return one in other or other in one


def _dates_meet(a: Candidate, b: Candidate) -> bool:
    if a.reading is None or b.reading is None:
        return True
    slack = timedelta(days=(a.reading.rule.tolerance_days or 0) + (b.reading.rule.tolerance_days or 0))
    for r in a.reading.ranges:
        for s in b.reading.ranges:
            if None in (r.from_on, r.until_on, s.from_on, s.until_on):
                return True
            if r.from_on < s.until_on + slack and s.from_on < r.until_on + slack:  # type: ignore[operator]
                return True
    return False


def _said(candidate: Candidate) -> str:
    if candidate.reading is None:
        return "no date"
    spans = " or ".join("/".join(end or ".." for end in r.iso()) for r in candidate.reading.ranges)
    return f"{candidate.reading.token.text} ({spans})"
