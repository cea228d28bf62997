"""The integrity page: what a bundle is and how it is checked, for a person who has never seen one.

Its headings are the stages of an investigation in the Berkeley Protocol (chapters V to VII), so that a court finds each
thing where it looks for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from taggant.evidence.bundling import layout
from taggant.evidence.bundling.case_files import CaseFile, exhibit_path
from taggant.evidence.bundling.layout import Label
from taggant.evidence.bundling.ledger_files import Stated, Told

_TEMPLATE = "integrity.html.j2"
_JUDGED = ("kind", "suggestion", "suggested", "verdict", "value", "why", "by", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitLine:
    """One exhibit as the page lists it."""

    name: str
    sha256: str
    at: str
    size: int | None
    media_type: str | None
    received_at: str | None
    commit: str
    is_live: bool
    custody: tuple[str, ...]


def page(
    label: Label,
    *,
    commits: Sequence[Told],
    counts: Mapping[str, int],
    exhibits: Sequence[Stated],
    custody: Sequence[Stated],
    judgements: Sequence[Stated],
    superseded: frozenset[bytes],
    case_files: Sequence[CaseFile],
    answers: Mapping[str, Sequence[str]],
    signer: str | None,
    is_to_be_stamped: bool,
) -> bytes:
    """Which page says what this bundle is?

    Parameters
    ----------
    label : Label
    commits : sequence of Told
        Parents first.
    counts : mapping
        Table → number of records.
    exhibits, custody, judgements : sequence of Stated
        Records of these tables, oldest first.
    superseded : frozenset of bytes
    case_files : sequence of CaseFile
    answers : mapping
        Question → its findings, each as a sentence.
    signer : str, optional
        Fingerprint of the key the bundle is signed with.
    is_to_be_stamped : bool

    Returns
    -------
    bytes
        HTML that needs nothing else.

    References
    ----------
    .. [1] OHCHR and UC Berkeley School of Law (2022). Berkeley Protocol on Digital Open Source Investigations.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    live = [s for s in judgements if s.record_id not in superseded and s.said["body"] is not None]
    html = environment.get_template(_TEMPLATE).render(
        counted=_counted,
        label=label,
        layout=layout,
        commits=commits[::-1],
        people=sorted({c.author for c in commits if c.author is not None}),
        counts=sorted(counts.items()),
        exhibits=_lines(exhibits, custody, superseded),
        judgements=[{name: s.said["body"].get(name) for name in _JUDGED} for s in live],
        n_judgements=len(judgements),
        notes=[f for f in case_files if f.is_copied and not f.at.startswith(layout.EDITIONS)],
        n_editions=sum(f.at.startswith(layout.EDITIONS) for f in case_files),
        answers=answers,
        signer=signer,
        is_to_be_stamped=is_to_be_stamped,
    )
    return html.encode()


def _counted(n: int, word: str) -> str:
    return f"{n:,} {word}{'s' * (n != 1)}"


def _lines(exhibits: Sequence[Stated], custody: Sequence[Stated], superseded: frozenset[bytes]) -> list[ExhibitLine]:
    events: dict[str, list[str]] = {}
    for stated in custody:
        body = stated.said["body"]
        if body is None or stated.record_id in superseded or not body.get("exhibit"):
            continue
        words = [body.get("event"), body.get("on"), *(f"{w} {body[w]}" for w in ("from", "to") if body.get(w))]
        events.setdefault(str(body["exhibit"]), []).append(", ".join(str(w) for w in words if w))
    lines: dict[str, ExhibitLine] = {}
    for stated in exhibits:
        body, key = stated.said["body"], str(stated.said["key"])
        sha256 = key.removeprefix("sha256:")
        before = lines.get(sha256)
        if body is None:
            continue
        size = body.get("size")
        lines[sha256] = ExhibitLine(
            name=str(body.get("file") or key), sha256=sha256, at=exhibit_path(sha256),
            size=int(size) if isinstance(size, int | str) and str(size).isdecimal() else None,
            media_type=body.get("media_type"), received_at=body.get("received_at"),
            commit=stated.commit.commit_id if before is None else before.commit,
            is_live=stated.record_id not in superseded,
            custody=tuple(events.get(key, ()) or events.get(str(body.get("file")), ())),
        )  # fmt: skip
    return sorted(lines.values(), key=lambda line: (line.name, line.sha256))
