"""Where what lies in a bundle, and what its label says.

Invariant: the label is canonical JSON; a program that knows this format needs no other to read the bundle.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

import orjson

from taggant.errors import InputError
from taggant.model.canonical import Plain, canonical

FORMAT = 1

LABEL = "data/bundle.json"
COMMITS = "data/ledger/commits.jsonl"
RECORDS = "data/ledger/records.jsonl"
HEADS = "data/ledger/heads.jsonl"
EXHIBITS = "data/exhibits/"
CASE_FILES = "data/case/files.jsonl"
CASE_FOLDER = "data/case/files/"
EDITIONS = "data/editions/"
PROOFS = "data/proofs/"
PICTURES = "data/pictures/"
"""At a level: photographs as pixels alone, named by the sha256 of the exhibit that stays in the case."""
JUDGEMENTS = "data/judgements/judgements.jsonl"
NOT_FOLLOWED = "data/judgements/not-followed.jsonl"
ANSWERS = "data/answers/"
CRATE = "ro-crate-metadata.json"
PAGE = "integrity.html"
SEALED = "tagmanifest-sha256.txt"
"""What a signature and a time stamp are over: the list that names, through other lists, every byte of the bundle."""
SIGNATURE = "signature/bundle.ed25519"
SIGNER = "signature/signer.pem"
STAMP = "signature/stamp.tsr"
BESIDE = frozenset({SIGNATURE, SIGNER, STAMP, "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"})
"""Files that no list of the bundle can name."""


def unreadable(why: str) -> ValueError:
    """Say why something in a bundle is not what it should be; whoever reads the bundle names it as damage."""
    return ValueError(why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a bundle says of itself.

    Attributes
    ----------
    uuid, title : str or None
        Of the case; None: the case file says nothing that can be read.
    level : str or None
        The highest TLP level in it; None: it was not made for a level, and everything is in it.
    head : str or None
        Id of the head; None: a case without a commit.
    made_at : str or None
        When the head was made: a bundle of one head is the same bundle, whenever it is made.
    tool : str
    n_commits, n_records, n_exhibits, n_heads : int
        What it holds; records with nothing but an id are counted.
    n_withheld : int
        Records above the level, of which only the id is here.
    n_purged : int
        Records that were destroyed in the case, of which only the id is left.
    is_whole : bool
        Whether nothing was left out because of the level: only then can the case be made again from it.
    export_sha256 : str
        Of `taggant export --jsonl` of the whole case.
    left_out : tuple of str
        What of the case folder is not in it, and why.
    """

    uuid: str | None
    title: str | None
    level: str | None
    head: str | None
    made_at: str | None
    tool: str
    n_commits: int
    n_records: int
    n_exhibits: int
    n_heads: int
    n_withheld: int
    n_purged: int
    is_whole: bool
    export_sha256: str
    left_out: tuple[str, ...] = ()

    def written(self) -> bytes:
        """Give the label's bytes."""
        said: dict[str, Plain] = {"taggant_bundle": FORMAT, **asdict(self), "left_out": list(self.left_out)}
        return canonical(said) + b"\n"

    @classmethod
    def read(cls, content: bytes) -> Self:
        """What does this label say?

        Raises
        ------
        ValueError
            It is none.
        InputError
            A newer program wrote it.
        """
        said: Any = orjson.loads(content)
        if not isinstance(said, dict) or not isinstance(said.pop("taggant_bundle", None), int):
            raise unreadable("it does not say that it is one")
        version = orjson.loads(content)["taggant_bundle"]
        if version != FORMAT:
            raise InputError(f"the bundle has format {version}; this program knows {FORMAT}", next="Update Taggant")
        wanted: dict[str, str] = dict(cls.__annotations__)
        if set(said) != set(wanted):
            raise unreadable(f"it lacks, or has beside, {', '.join(sorted(set(said) ^ set(wanted)))}")
        for name, kind in wanted.items():
            value = said[name]
            is_right = (
                isinstance(value, int) and not isinstance(value, bool) and value >= 0
                if kind == "int"
                else isinstance(value, bool)
                if kind == "bool"
                else isinstance(value, list) and all(isinstance(v, str) for v in value)
                if kind.startswith("tuple")
                else isinstance(value, str) or (value is None and kind.endswith("None"))
            )
            if not is_right:
                raise unreadable(f"{name} is {value!r:.80}")
        return cls(**{**said, "left_out": tuple(said["left_out"])})
