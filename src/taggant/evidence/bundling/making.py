"""A whole case put into one folder that can be checked, read and restored without us.

Invariant: the same case gives the same bytes, whenever and wherever the bundle is made; only a time stamp differs.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from taggant import __version__
from taggant.errors import EvidenceBroken, InputError
from taggant.evidence.bundling import layout
from taggant.evidence.bundling.arriving import arriving
from taggant.evidence.bundling.bag import BagWriter
from taggant.evidence.bundling.case_files import exhibit_path, write_case_files
from taggant.evidence.bundling.crate import crate
from taggant.evidence.bundling.layout import Label
from taggant.evidence.bundling.ledger_files import LedgerWritten, Stated, write_ledger
from taggant.evidence.bundling.page import page
from taggant.evidence.bundling.signing import SigningKey
from taggant.evidence.casefile import NAME as CASE_FILE
from taggant.evidence.casefile import read_case_toml
from taggant.evidence.image_reading import stripped
from taggant.evidence.report import Progress
from taggant.ledger import carrying, jsonl
from taggant.ledger.filling import head_lines
from taggant.ledger.ledger import Ledger
from taggant.ledger.merkle import path_in, tree_levels
from taggant.ledger.proofs import written_proof
from taggant.ledger.showing import Showing, shown_at
from taggant.model.canonical import Plain, canonical

_SHOWN_APART = frozenset({"exhibit", "custody", "judgement"})
_NOT_AT_A_LEVEL = (
    "working files of the case folder: they have no level of their own",
    "typed files as received, where a row of them is withheld",
    "proofs, and author, tool and message of commits: words of a commit have no level of their own",
    "answers: they rest on all records",
    "photographs as received: their pixels are under data/pictures, without camera data and place",
)
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".bmp")
_NOT_FOLLOWED = ("reject", "replace", "unsure")


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleReport:
    """What is in the bundle.

    Attributes
    ----------
    folder : Path
    label : Label
    n_files, n_bytes : int
    signed_by : str or None
        Fingerprint of the key.
    is_stamped : bool
    """

    folder: Path
    label: Label
    n_files: int
    n_bytes: int
    signed_by: str | None
    is_stamped: bool


def make_bundle(
    case: Path,
    to: Path,
    *,
    level: str | None = None,
    answers: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    sign: SigningKey | None = None,
    stamp: Callable[[bytes], bytes] | None = None,
    progress: Progress | None = None,
) -> BundleReport:
    """What is in the folder that hands this case over?

    Parameters
    ----------
    case, to : Path
        The case's folder, and the folder to make; it must not exist or be empty.
    level : str, optional
        The highest TLP level to go out; everything when left out. Of what is not for it the salted ids go, so that who
        holds the whole case can show what it was; working files, proofs and answers do not go, unless nothing of the
        case is above the level.
    answers : mapping, optional
        Question → its findings as Appendix B has them, when they were computed.
    sign : SigningKey, optional
    stamp : callable, optional
        Given the bytes that are signed; gives the answer of a time stamping authority (RFC 3161).
    progress : callable, optional

    Returns
    -------
    BundleReport
        The folder is on disk when this returns.

    Raises
    ------
    InputError
        The place is taken, or the case is none.
    EvidenceBroken
        Something of the case is not what it was. No folder is made.
    """
    tell = progress or (lambda _what, _done, _total: None)
    if to.absolute().is_relative_to(case.absolute()):
        raise InputError("the bundle would lie in the case itself", where=str(to), next="Name a folder beside it")
    with Ledger.open(case) as ledger, arriving(to) as aside:
        bag = BagWriter(aside)
        tell("writing records", 0, 0)
        showing = None if level is None else _showing(ledger, case, level)
        is_whole = showing is None or showing.shows_words
        with ledger.opened.reading() as connection:
            heads = head_lines(connection)
            written = write_ledger(bag, carrying.packets(connection), heads, _SHOWN_APART, showing)
        n_exhibits = _exhibits(bag, ledger, written, tell, None if is_whole or showing is None else showing.exhibits)
        held = {path.rpartition("/")[2] for path in bag.files if path.startswith(layout.EXHIBITS)}
        tell("writing the case's files", 0, 0)
        if is_whole:
            case_files, left_out = write_case_files(bag, case, held)
        else:
            case_files, left_out, answers = [], list(_NOT_AT_A_LEVEL), None
            bag.add(layout.CASE_FILES, b"")
        head = heads[-1].commit_id.hex() if heads else None
        uuid, title = _named(case)
        title = title if is_whole else None
        label = Label(
            uuid=uuid,
            title=title,
            level=level,
            head=head,
            made_at=next((c.at for c in written.commits if c.commit_id == head), None),
            tool=f"taggant {__version__}",
            n_commits=len(written.commits),
            n_records=written.n_records,
            n_exhibits=n_exhibits,
            n_heads=len(heads),
            n_withheld=written.n_withheld,
            n_purged=written.n_purged,
            is_whole=is_whole,
            export_sha256=jsonl.digest(ledger, head),
            left_out=tuple(left_out),
        )
        bag.add(layout.LABEL, label.written())
        if is_whole:
            _proofs(bag, written)
        _judgements(bag, written.stated.get("judgement", []), written.superseded)
        said = {q: orjson.dumps(f, option=orjson.OPT_INDENT_2) + b"\n" for q, f in (answers or {}).items() if f}
        for question, content in said.items():
            bag.add(f"{layout.ANSWERS}{question}.json", content)
        tell("writing the list of digests", 0, 0)
        _describe(
            bag, label, written, case_files, said, answers or {},
            signer=None if sign is None else sign.fingerprint, is_to_be_stamped=stamp is not None,
        )  # fmt: skip
        _seal(aside, sign, stamp)
        bag.sync()
    return BundleReport(
        folder=to, label=label, n_files=len(bag.files), n_bytes=sum(d.size for d in bag.files.values()),
        signed_by=None if sign is None else sign.fingerprint, is_stamped=stamp is not None,
    )  # fmt: skip


def _exhibits(
    bag: BagWriter, ledger: Ledger, written: LedgerWritten, tell: Progress, allowed: frozenset[str] | None
) -> int:
    """Copy every exhibit a record names and that may go; one that is not what it was stops the bundle."""
    names: dict[str, str] = {}
    pictures: set[str] = set()
    for stated in written.stated.get("exhibit", []):
        body, key = stated.said["body"], str(stated.said["key"])
        # A withdrawal alone names nothing we hold: what a purge destroyed may still be withdrawn.
        if body is not None and (allowed is None or key in allowed):
            names.setdefault(key.removeprefix("sha256:"), str(body.get("file") or ""))
            if allowed is not None and str(body.get("media_type") or "").startswith("image/"):
                pictures.add(key.removeprefix("sha256:"))
    for n, sha256 in enumerate(sorted(names)):
        tell("copying exhibits", n, len(names))
        path = ledger.exhibits.path(sha256)
        if not path.is_file():
            raise EvidenceBroken(f"the exhibit sha256:{sha256} ({names[sha256]}) is not held any more", where=str(path))
        if sha256 in pictures:
            _bare_picture(bag, path, names[sha256])
            continue
        bag.copy(path, exhibit_path(sha256), sha256=sha256, what=f"the exhibit {names[sha256]}".strip())
    return len(names) - len(pictures)


def _bare_picture(bag: BagWriter, path: Path, name: str) -> None:
    """At a level a photograph goes as pixels alone: as received it says where, when and with what it was taken."""
    with tempfile.TemporaryDirectory() as aside:
        bare = Path(aside, "picture")
        try:
            stripped(path, bare)
        except (OSError, SyntaxError, ValueError):
            return  # a picture that cannot be opened cannot be cleared: its record is there, the file stays
        ending = Path(name).suffix.lower()
        bag.add(f"{layout.PICTURES}{path.name}{ending if ending in _PICTURES else ''}", bare.read_bytes())


def _proofs(bag: BagWriter, written: LedgerWritten) -> None:
    """Write, for each exhibit, the proof that its newest record is in its commit."""
    exhibits = [s for s in written.stated.get("exhibit", []) if s.said["body"] is not None]
    newest = {str(s.said["key"]).removeprefix("sha256:"): s for s in exhibits}
    by_commit: dict[str, list[tuple[str, Stated]]] = {}
    for sha256, stated in sorted(newest.items()):
        by_commit.setdefault(stated.commit.commit_id, []).append((sha256, stated))
    for commit_id, some in by_commit.items():
        ids = written.ids[commit_id]
        levels, place = tree_levels(ids), {record_id: n for n, record_id in enumerate(ids)}
        for sha256, stated in some:
            index = place[stated.record_id]
            proof = written_proof(
                stated.record_id,
                stated.content,
                index=index,
                path=path_in(levels, index),
                commit=written.whole[commit_id],
            )
            bag.add(f"{layout.PROOFS}{sha256}.json", proof)


def _judgements(bag: BagWriter, judgements: Sequence[Stated], superseded: set[bytes]) -> None:
    lines = [(_judgement(s, is_live=s.record_id not in superseded), s) for s in judgements]
    bag.add(layout.JUDGEMENTS, (line for line, _ in lines))
    bag.add(
        layout.NOT_FOLLOWED,
        (line for line, s in lines if s.said["body"] is not None and s.said["body"].get("verdict") in _NOT_FOLLOWED),
    )


def _judgement(stated: Stated, *, is_live: bool) -> bytes:
    said: dict[str, Plain] = {
        "record": stated.record_id.hex(),
        "commit": stated.commit.commit_id,
        "committed_at": stated.commit.at,
        "author": stated.commit.author,
        "is_live": is_live,
        "key": stated.said["key"],
        "judgement": stated.said["body"],
    }
    return canonical(said) + b"\n"


def _describe(
    bag: BagWriter,
    label: Label,
    written: LedgerWritten,
    case_files: Sequence[Any],
    said: Mapping[str, bytes],
    answers: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    signer: str | None,
    is_to_be_stamped: bool,
) -> None:
    exhibits = written.stated.get("exhibit", [])
    html = page(
        label, commits=written.commits, counts=written.counts, exhibits=exhibits,
        custody=written.stated.get("custody", []), judgements=written.stated.get("judgement", []),
        superseded=frozenset(written.superseded), case_files=case_files,
        answers={q: [str((f.get("text") or {}).get("en", "")) for f in answers[q]] for q in said},
        signer=signer, is_to_be_stamped=is_to_be_stamped,
    )  # fmt: skip
    bag.add(layout.PAGE, html)
    described = crate(label, bag.files, commits=written.commits, exhibits=exhibits, case_files=case_files, answers=said)
    bag.add(layout.CRATE, orjson.dumps(described, option=orjson.OPT_INDENT_2) + b"\n")
    information = {
        "Bag-Software-Agent": label.tool,
        "External-Description": label.title or "A case of Taggant",
        "Internal-Sender-Identifier": f"commit {label.head}",
    }
    if label.uuid is not None:
        information["External-Identifier"] = f"urn:uuid:{label.uuid}"
    if label.made_at is not None:
        information["Bagging-Date"] = label.made_at[:10]
    bag.finish(information)


def _seal(aside: Path, sign: SigningKey | None, stamp: Callable[[bytes], bytes] | None) -> None:
    """Write beside the bag what is over it: signature and time stamp."""
    content = (aside / layout.SEALED).read_bytes()
    beside: dict[str, bytes] = {}
    if sign is not None:
        beside |= {layout.SIGNATURE: sign.sign(content), layout.SIGNER: sign.public_pem}
    if stamp is not None:
        beside[layout.STAMP] = stamp(content)
    for path, written in beside.items():
        (aside / path).parent.mkdir(exist_ok=True)
        (aside / path).write_bytes(written)


def _showing(ledger: Ledger, case: Path, level: str) -> Showing:
    """What may go at this level; without a case file every row is RED: what nobody has released must not leak."""
    if not (case / CASE_FILE).is_file():
        return shown_at(ledger, level=level, case_level="RED")
    file = read_case_toml(case / CASE_FILE)
    return shown_at(ledger, level=level, case_level=file.tlp, blur_km=file.blur_km)


def _named(case: Path) -> tuple[str | None, str | None]:
    """What do uuid and title of the case file say? A case may be kept without one, and a bundle refuses no case."""
    try:
        said = tomllib.loads((case / CASE_FILE).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None, None
    uuid, title = said.get("uuid"), said.get("title")
    return (uuid if isinstance(uuid, str) else None), (title if isinstance(title, str) else None)
