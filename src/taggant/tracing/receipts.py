"""What was asked of which lists, with what answer: a screening anybody can do again.

Invariant: a receipt names every input by its sha256, and itself by the sha256 of what it says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson

from taggant.errors import EvidenceBroken, InputError
from taggant.tracing.likeness import Party
from taggant.tracing.screening import Screened, Settings

FORM = "taggant-receipt-1"


def receipt_of(
    screened: Sequence[Screened],
    settings: Settings,
    lists: Sequence[Mapping[str, object]],
    *,
    at: datetime | None = None,
) -> dict[str, Any]:
    """What does the receipt of this screening say?

    Parameters
    ----------
    screened : sequence of Screened
    settings : Settings
    lists : sequence of mapping
        What `sources` says of each list: version, hash, day, counts, health, path.
    at : datetime, optional
        When; now.

    Returns
    -------
    dict
        With `id`: the sha256 of the rest.

    Notes
    -----
    *Assumes:* the lists' files are kept.
    *Not for:* judging: `judgement` stays null until a person decides.

    Examples
    --------
    >>> from datetime import timezone
    >>> receipt = receipt_of([], Settings(), [], at=datetime(2026, 1, 1, tzinfo=timezone.utc))
    >>> receipt["at"], len(receipt["id"])
    ('2026-01-01T00:00:00+00:00', 64)
    """
    body: dict[str, Any] = {
        "form": FORM,
        "at": (at or datetime.now(UTC)).isoformat(timespec="seconds"),
        "settings": settings.as_json(),
        "lists": [dict(v) for v in lists],
        "answers": [
            {
                "query": s.party.name,
                "row": s.party.row,
                "country": s.party.country,
                "identifiers": list(s.party.identifiers),
                "kind": s.party.kind,
                "normalised": list(s.words),
                "hits": [
                    h.as_json()
                    | {
                        "parts": {"name": round(h.name_score, 4), "score": round(h.score, 4)},
                        "version": h.version,
                        "listed_on": None if h.listed_on is None else h.listed_on.isoformat(),
                    }
                    for h in s.hits
                ],
                "judgement": None,
            }
            for s in screened
        ],
    }
    return body | {"id": _digest(body)}


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def keep_receipt(receipt: Mapping[str, Any], folder: Path) -> Path:
    """Write a receipt into this folder.

    Parameters
    ----------
    receipt : mapping
    folder : Path
        Made when it is not there.

    Returns
    -------
    Path
        Named by when and by id.

    Raises
    ------
    InputError
        The folder cannot be written.

    Notes
    -----
    *Assumes:* two receipts of one second differ in their id.
    *Not for:* changing a receipt: write a new one.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = keep_receipt(receipt_of([], Settings(), []), Path(folder))
    ...     read_receipt(path)["form"]
    'taggant-receipt-1'
    """
    stamp = str(receipt["at"])[:19].replace(":", "").replace("-", "")
    path = folder / f"screen-{stamp}-{str(receipt['id'])[:12]}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(orjson.dumps(dict(receipt), option=orjson.OPT_INDENT_2))
    except OSError as err:
        raise InputError(
            f"the receipt cannot be written to {str(folder)!r}: {err.strerror}",
            next="Name another folder: --receipts FOLDER",
        ) from err
    return path


def read_receipt(path: Path) -> dict[str, Any]:
    """What does this receipt say, and is it as it was written?

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict

    Raises
    ------
    InputError
        It is no receipt.
    EvidenceBroken
        It was changed since it was written.

    Notes
    -----
    *Assumes:* nobody made a new id for a changed receipt: keep ids elsewhere where that matters.
    *Not for:* signatures: bundles are signed.

    Examples
    --------
    See `keep_receipt`.
    """
    try:
        receipt: dict[str, Any] = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as err:
        raise InputError(f"{str(path)!r} is no receipt: {err}", next="Give a file a screening wrote") from err
    if not isinstance(receipt, dict) or receipt.get("form") != FORM:
        raise InputError(f"{str(path)!r} is no receipt of a screening", next="Give a file a screening wrote")
    body = {k: v for k, v in receipt.items() if k != "id"}
    if _digest(body) != receipt["id"]:
        raise EvidenceBroken(
            "the receipt is not as it was written",
            where=str(path),
            problems=[f"id {receipt['id']}, content {_digest(body)}"],
        )
    return receipt


def asked_again(receipt: Mapping[str, Any]) -> tuple[list[Party], Settings]:
    """Who was asked about, and how?

    Parameters
    ----------
    receipt : mapping

    Returns
    -------
    tuple of (list of Party, Settings)

    Raises
    ------
    InputError
        The receipt is of another method.

    Notes
    -----
    *Assumes:* this version of the method gives the same; otherwise the two are named.
    *Not for:* lists: they are read by their hash.

    Examples
    --------
    >>> asked_again(receipt_of([], Settings(least=0.7), []))[1].least
    0.7
    """
    said = receipt["settings"]
    settings = Settings(
        least=said["least"], most=said["most"], exact_script=said["exact_script"],
        as_of=None if said["as_of"] is None else date.fromisoformat(said["as_of"]),
    )  # fmt: skip
    now = settings.as_json()
    if {k: said.get(k) for k in ("method", "version", "index")} != {k: now[k] for k in ("method", "version", "index")}:
        raise InputError(
            f"the receipt is of {said.get('method')} {said.get('version')} on {said.get('index')}; "
            f"this is {now['method']} {now['version']} on {now['index']}",
            so_what="The same question may have another answer",
            next="Run the version the receipt names, or screen anew",
        )
    parties = [
        Party(name=a["query"], country=a["country"], identifiers=tuple(a["identifiers"]), kind=a["kind"], row=a["row"])
        for a in receipt["answers"]
    ]
    return parties, settings
