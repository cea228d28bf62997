"""Is everything in a bundle what it was when the bundle was made? Asked of the bundle alone; no case is needed.

Invariant: damage is named, never raised, and nothing in a bundle is believed before it is hashed; a file that no list
names is named too.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from taggant.errors import InputError, TaggantError
from taggant.evidence.bundling import layout
from taggant.evidence.bundling.bag import (
    ALGORITHMS,
    DECLARATION,
    PAYLOAD,
    digests_of,
    read_list,
    read_tags,
    shown,
    walk,
)
from taggant.evidence.bundling.case_files import CaseFile, case_files_in, exhibit_path
from taggant.evidence.bundling.chain import ChainCheck
from taggant.evidence.bundling.layout import Label
from taggant.evidence.bundling.signing import check_signature
from taggant.evidence.report import Progress
from taggant.ledger.problems import Problem, VerifyReport
from taggant.ledger.proofs import check_proof

_LONGEST_TAG = 64 * 2**20
_MOST_NAMED = 1000
"""A folder with nothing right in it need not be described to its last file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleCheck:
    """What was checked, and what was found.

    Attributes
    ----------
    report : VerifyReport
    label : Label or None
        None: it cannot be read.
    signed_by : str or None
        Fingerprint of the key whose signature fits; None: not signed, or the signature does not fit.
    stamped_at : str or None
        The moment (UTC) of a time stamp that fits.
    stamped_by : str or None
        Who gave it, as its certificate says.
    is_authority_known : bool
        Whether the stamp's certificate was held against a root that was given.
    """

    report: VerifyReport
    label: Label | None
    signed_by: str | None
    stamped_at: str | None
    stamped_by: str | None
    is_authority_known: bool


def is_bundle(path: Path) -> bool:
    """Whether this looks like a bundle and not like a case.

    Examples
    --------
    >>> is_bundle(Path("no-such-folder"))
    False
    """
    return (path / "bagit.txt").is_file() or (path / layout.LABEL).is_file()


def check_bundle(
    bundle: Path, *, roots: Path | None = None, signer: str | None = None, progress: Progress | None = None
) -> BundleCheck:
    """Is every byte of this bundle what it was, and does its ledger hold together?

    Parameters
    ----------
    bundle : Path
    roots : Path, optional
        Certificates (PEM) of time stamping authorities that are trusted.
    signer : str, optional
        Fingerprint the signature must have.
    progress : callable, optional

    Returns
    -------
    BundleCheck
        Each file that is damaged, missing or too many; a signature or stamp that does not fit; a broken chain.

    Raises
    ------
    InputError
        It is no bundle, or a newer program made it.

    Notes
    -----
    *Assumes:* the commit's id, or the signer's fingerprint, is known from elsewhere: who can rewrite the whole folder
    can make one that agrees with itself.
    *Not for:* archives of a bundle; unpack them first.
    """
    started = time.perf_counter()
    if not bundle.is_dir():
        raise InputError(
            "this is no folder" if bundle.exists() else "there is no such folder", where=str(bundle),
            next="Unpack the bundle, then name its folder",
        )  # fmt: skip
    if not is_bundle(bundle):
        raise InputError("this is no bundle: bagit.txt is missing", where=str(bundle), next="Name the bundle's folder")
    check = _Check(bundle, progress or (lambda _what, _done, _total: None))
    check.files()
    label = check.label()
    chain = check.contents(label)
    signed_by, stamp = check.beside(signer, roots)
    if signer is not None and signed_by is None and not any(p.kind == "signature" for p in check.problems):
        check.problem("signature", "the bundle is not signed")
    problems = check.problems[:_MOST_NAMED]
    if len(check.problems) > _MOST_NAMED:
        problems.append(Problem(kind="bundle", what=f"{len(check.problems) - _MOST_NAMED:,} more are not named"))
    return BundleCheck(
        report=VerifyReport(
            problems=tuple(problems), notes=tuple(check.notes), n_records=chain.n_records, n_commits=chain.n_commits,
            n_exhibits=check.n_exhibits, seconds=time.perf_counter() - started,
        ),
        label=label, signed_by=signed_by, stamped_at=stamp.at, stamped_by=stamp.by, is_authority_known=stamp.is_known,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Stamp:
    at: str | None = None
    by: str | None = None
    is_known: bool = False


@dataclass(slots=True)
class _Check:
    folder: Path
    say: Callable[[str, int, int], None]
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    n_exhibits: int = 0
    _sizes: dict[str, int] = field(default_factory=dict)
    _damaged: set[str] = field(default_factory=set)
    _sha256: dict[str, str] = field(default_factory=dict)

    def problem(self, kind: str, what: str, file: str | None = None, sha256: str | None = None) -> None:
        """Note a problem; a file is damaged once, however many lists say so."""
        if file is not None:
            if kind == "file" and file in self._damaged:
                return
            self._damaged.add(file)
        self.problems.append(Problem(kind=kind, what=what, file=file, sha256=sha256))

    # --- every file ------------------------------------------------------------------------------

    def files(self) -> None:
        """Hold what lies in the folder against the lists, and the lists against each other."""
        found = walk(self.folder)
        for path, what in found.odd:
            self.problem("file", what, path)
        self._sizes = found.files
        self._declaration()
        payload = {a: self._list(f"manifest-{a}.txt", a) for a in ALGORITHMS}
        tags = {a: self._list(f"tagmanifest-{a}.txt", a) for a in ALGORITHMS}
        for named in payload.values():
            for path in named:
                if not path.startswith(PAYLOAD):
                    self.problem("file", "a list of what is under data/ names it", path)
        wanted: dict[str, dict[str, str]] = {}
        for some in (payload, tags):
            for algorithm, named in some.items():
                for path, digest in named.items():
                    wanted.setdefault(path, {})[algorithm] = digest
        for path in sorted(set(found.files) - set(wanted) - layout.BESIDE):
            self.problem("file", "no list names it: it was added later", path)
        for n, (path, digests) in enumerate(sorted(wanted.items())):
            self.say("files", n, len(wanted))
            self._hold(path, digests)
        self.say("files", len(wanted), len(wanted))
        self._oxum()

    def _declaration(self) -> None:
        path = "bagit.txt"
        if path in self._sizes and self._read(path, bound=1024) != DECLARATION:
            self.problem("file", "it does not declare a BagIt bag in UTF-8", path)

    def _list(self, path: str, algorithm: str) -> dict[str, str]:
        if path not in self._sizes:
            self.problem("file", "it is missing", path)
            return {}
        try:
            named, wrong = read_list(self.folder / path, algorithm)
        except OSError as err:
            self.problem("file", f"it cannot be read: {err.strerror}", path)
            return {}
        for what in wrong[:5]:
            self.problems.append(Problem(kind="file", what=what, file=path))
        if len(wrong) > 5:
            self.problems.append(Problem(kind="file", what=f"{len(wrong) - 5} more lines are wrong", file=path))
        return named

    def _hold(self, path: str, digests: dict[str, str]) -> None:
        if path not in self._sizes:
            self.problem("file", "it is missing", path)
            return
        for algorithm in ALGORITHMS:
            if algorithm not in digests:
                self.problem("file", f"the list of {algorithm} digests does not name it", path)
        try:
            with (self.folder / path).open("rb", buffering=0) as file:
                found = digests_of(file)
        except OSError as err:
            self.problem("file", f"it cannot be read: {err.strerror}", path)
            return
        self._sha256[path] = found.sha256
        if path.startswith(layout.EXHIBITS) and found.sha256 != path.rpartition("/")[2]:
            # Named before the lists are asked: whoever makes those anew cannot make this anew.
            self.problem("file", f"its name is its sha256, and its bytes now have {found.sha256}", path)
        for algorithm, digest in digests.items():
            if found.of(algorithm) != digest:
                self.problem("file", f"its {found.size:,} bytes now have the {algorithm} {found.of(algorithm)}", path)

    def _oxum(self) -> None:
        content = self._read("bag-info.txt", bound=_LONGEST_TAG)
        if content is None:
            self.problem("file", "it is missing", "bag-info.txt")
            return
        tags = read_tags(content)
        sizes = [size for path, size in self._sizes.items() if path.startswith(PAYLOAD)]
        is_said = None if tags is None else tags.get("Payload-Oxum")
        if is_said != f"{sum(sizes)}.{len(sizes)}":
            what = f"{len(sizes)} files of {sum(sizes):,} bytes are under data/; it says {is_said}"
            self.problems.append(Problem(kind="bundle", what=what, file="bag-info.txt"))

    def _read(self, path: str, *, bound: int) -> bytes | None:
        if path not in self._sizes:
            return None
        if self._sizes[path] > bound:
            self.problem(
                "file", f"its {self._sizes[path]:,} bytes are more than such a file has; it was not read", path
            )
            return None
        try:
            return (self.folder / path).read_bytes()
        except OSError as err:
            self.problem("file", f"it cannot be read: {err.strerror}", path)
            return None

    # --- what the files say ----------------------------------------------------------------------

    def label(self) -> Label | None:
        """Give what the bundle says of itself."""
        content = self._read(layout.LABEL, bound=_LONGEST_TAG)
        if content is None:
            self.problem("file", "it is missing: what the bundle holds is not known", layout.LABEL)
            return None
        try:
            return Label.read(content)
        except ValueError as err:
            if isinstance(err, InputError):
                raise
            self.problems.append(Problem(kind="bundle", what=f"it cannot be read: {err}", file=layout.LABEL))
            return None

    def contents(self, label: Label | None) -> ChainCheck:
        """Hash records and commits again, and look for everything they and the lists name."""
        chain = ChainCheck(self.folder, self._sizes, self.say)
        chain.run(label)
        self.problems += chain.problems
        self.notes += chain.notes
        held = {p.rpartition("/")[2] for p in self._sizes if p.startswith(layout.EXHIBITS)}
        for path in self._sizes:
            if path.startswith(layout.EXHIBITS) and path != exhibit_path(path.rpartition("/")[2]):
                self.problem("file", "it is no place of an exhibit", path)
        self.n_exhibits = len(held)
        for sha256, stated in chain.exhibits.items():
            if sha256 not in held:
                if chain.is_whole:
                    self.problem("exhibit", "the file is missing", stated.file, sha256)
            elif stated.size is not None and self._sizes.get(exhibit_path(sha256)) != stated.size:
                self.problem("exhibit", f"its record says {stated.size} bytes", stated.file, sha256)
        if chain.is_read:
            for sha256 in sorted(held - set(chain.exhibits)):
                self.problem("exhibit", "no record names it", None, sha256)
        self._case_files()
        self._proofs(chain)
        self._crate()
        return chain

    def _case_files(self) -> None:
        if layout.CASE_FILES not in self._sizes:
            self.problem("file", "it is missing", layout.CASE_FILES)
            return
        try:
            named: list[CaseFile] = case_files_in(self.folder)
        except (TaggantError, OSError) as err:
            self.problems.append(Problem(kind="bundle", what=str(err), file=layout.CASE_FILES))
            return
        for file in named:
            if file.at not in self._sizes:
                self.problem("file", f"it is missing: {shown(file.name)} of the case folder", file.at)
            elif self._sizes[file.at] != file.size or self._sha256.get(file.at) != file.sha256:
                what = f"its bytes are others than the {file.size:,} that {shown(file.name)} of the case folder had"
                self.problem("file", what, file.at)
        known = {file.at for file in named}
        for path in sorted(self._sizes):
            if path.startswith((layout.CASE_FOLDER, layout.EDITIONS)) and path not in known:
                self.problem("file", f"{layout.CASE_FILES} does not name it", path)

    def _proofs(self, chain: ChainCheck) -> None:
        for path in sorted(p for p in self._sizes if p.startswith(layout.PROOFS)):
            try:
                proven = check_proof(self.folder / path)
            except TaggantError as err:
                self.problem("file", str(err), path)
                continue
            if chain.is_read and proven.commit.commit_id not in chain.known:
                self.problem("file", "it proves a commit that is not in this bundle", path)

    def _crate(self) -> None:
        content = self._read(layout.CRATE, bound=2**31)
        if content is None:
            return  # named already: a list names it, or it was not read
        try:
            graph = orjson.loads(content)["@graph"]
            names = [e["@id"] for e in graph if e["@type"] == "File" or "File" in e["@type"]]
        except (orjson.JSONDecodeError, KeyError, TypeError) as err:
            self.problems.append(Problem(kind="bundle", what=f"it is no RO-Crate: {err}", file=layout.CRATE))
            return
        from urllib.parse import unquote

        for name in names:
            if unquote(str(name)) not in self._sizes:
                what = f"it describes {shown(str(name))}, which is not here"
                self.problems.append(Problem(kind="bundle", what=what, file=layout.CRATE))

    # --- what is over it -------------------------------------------------------------------------

    def beside(self, signer: str | None, roots: Path | None) -> tuple[str | None, _Stamp]:
        """Check signature and time stamp."""
        sealed = self._read(layout.SEALED, bound=2**31)
        signature, key = (self._read(p, bound=_LONGEST_TAG) for p in (layout.SIGNATURE, layout.SIGNER))
        signed_by: str | None = None
        if signature is None and key is None:
            self.notes.append("not signed: compare the commit's id with one you were handed in another way")
        elif signature is None or key is None or sealed is None:
            missing = layout.SIGNATURE if signature is None else layout.SIGNER
            self.problem("signature", "it is missing, so the signature cannot be checked", missing)
        else:
            by, wrong = check_signature(sealed, signature, key)
            if wrong is not None:
                self.problem("signature", wrong, layout.SIGNATURE)
            elif signer is not None and by is not None and by.replace(" ", "") != signer.replace(" ", "").lower():
                self.problem("signature", f"it is signed by {by}, not by {signer}", layout.SIGNER)
            else:
                signed_by = by
        return signed_by, self._stamp(sealed, roots)

    def _stamp(self, sealed: bytes | None, roots: Path | None) -> _Stamp:
        answer = self._read(layout.STAMP, bound=_LONGEST_TAG)
        if answer is None or sealed is None:
            return _Stamp()
        from taggant.evidence.bundling.stamping import check_stamp

        found = check_stamp(sealed, answer, roots)
        if found.wrong is not None:
            self.problem("stamp", found.wrong, layout.STAMP)
            return _Stamp()
        if not found.is_authority_known:
            self.notes.append(
                f"the time stamp fits; whether {found.by} may be believed was not checked: give --roots CERTIFICATES"
            )
        return _Stamp(found.at, found.by, found.is_authority_known)
