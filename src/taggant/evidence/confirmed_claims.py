"""What a confirmed claim writes beside the judgement: a row of the typed table, with its quote, page and exhibit.

Invariant: the row stands and falls with the confirmation, in the same commit; a row of a person is never touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from taggant.ledger.ledger import Ledger
from taggant.model.record import Body, Record, fresh_salt
from taggant.model.typed_tables import TYPED

if TYPE_CHECKING:
    from taggant.evidence.judging import Suggestion

_SAME = (
    "speaker",
    "topic",
    "scope",
    "stance",
    "unit",
    "measure",
    "per",
    "period",
    "said",
    "quote",
    "exhibit",
    "locator",
)


def rows_made(ledger: Ledger, suggestion: Suggestion, verdict: str | None) -> list[Record]:
    """Which records go with this decision?

    Parameters
    ----------
    ledger : Ledger
    suggestion : Suggestion
    verdict : str or None
        None: the decision is taken back.

    Returns
    -------
    list of Record
        For a confirmed claim its row, and its source where no row of the case names one; for any other verdict the
        withdrawal of a row that an earlier confirmation made. Empty for kinds that make nothing.

    Notes
    -----
    *Assumes:* a row named like the suggestion was made by a confirmation.
    *Not for:* replacing: another value is typed by hand.
    """
    if suggestion.kind.makes is None:
        return []
    table = suggestion.kind.makes
    name = f"read-{suggestion.key}"
    live = ledger.get(table, name)
    if verdict != "confirm":
        return [] if live is None else [_record(table, name, None, [live.record_id])]
    row = suggestion.rows[0]
    made: list[Record] = []
    source_id = row.get("source_id")
    if source_id is None:
        digest = str(row["exhibit"]).removeprefix("sha256:")
        source_id = f"text-{digest[:12]}"
        if ledger.get("source", source_id) is None:
            body: Body = {"source_id": source_id, "title": str(row.get("file") or source_id)}
            if row.get("said"):
                body["published"] = str(row["said"])
            made.append(_record("source", source_id, body, []))
    body = claim_body(name, str(source_id), row)
    if live is None or live.body != body:
        made.append(_record(table, name, body, [] if live is None else [live.record_id]))
    return made


def claim_body(name: str, source_id: str, row: Mapping[str, Any]) -> Body:
    """Give the row of table `claim` that a suggestion becomes.

    Examples
    --------
    >>> row = {"quote": "300 were made", "topic": "production.made", "stance": "assert", "via": ["an aide"],
    ...        "quantity_low": 300.0, "exhibit": "sha256:ab", "locator": "char=0,13", "hedged": True}
    >>> body = claim_body("read-1", "s", row)
    >>> body["via"], body["quantity_low"], body["statement"], body["note"]
    (['"an aide"'], '300', '“300 were made”', 'hedged in the text')
    """
    body: dict[str, Any] = {"claim_id": name, "source_id": source_id, "statement": f"“{row['quote']}”"}
    body |= {column: str(row[column]) for column in _SAME if row.get(column) is not None}
    body |= {c: f"{row[c]:.15g}" for c in ("quantity_low", "quantity_high") if row.get(c) is not None}
    if row.get("via"):
        # Named in the text, and no source of the case by that: described origins stand in double quotes.
        body["via"] = ['"' + str(link).replace('"', "'") + '"' for link in row["via"]]
    if row.get("hedged"):
        body["note"] = "hedged in the text"
    return body


def _record(table: str, key: str, body: Body | None, supersedes: list[str]) -> Record:
    return Record(
        table=table, key=key, schema=TYPED[table].version, body=body, supersedes=tuple(supersedes), salt=fresh_salt()
    )
