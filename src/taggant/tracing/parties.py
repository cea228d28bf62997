"""Who is who in a case: names of rows led to parties, and parties that may be one.

Invariant: two parties stay two until a person confirms that they are one; taking the judgement back parts them again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from taggant.errors import MissingExtra
from taggant.model.derived_tables import DERIVED
from taggant.model.judgements import judged
from taggant.model.tables import frame_schema
from taggant.tracing.likeness import plain_identifier
from taggant.writing.name_index import NameIndex
from taggant.writing.name_reading import NameReader, Sort

_MAY_BE_ONE = 0.8
_NO_NOISE = (Sort.NAME, Sort.PLACE)


@dataclass(frozen=True, slots=True)
class PartyBook:
    """The parties of a case, found by name.

    Attributes
    ----------
    rows : mapping of str to mapping
        Party id → its row.
    ids : mapping of tuple to str
        Words of a name that tell → party id; a name two parties bear leads to none.
    exact : mapping of str to str
        The same for a name as written.
    leads : mapping of str to str
        Party id → the id that stands for all that a person confirmed to be one with it; parties in no such group are
        not in it.
    """

    rows: Mapping[str, Mapping[str, Any]]
    ids: Mapping[tuple[str, ...], str | None]
    exact: Mapping[str, str | None]
    leads: Mapping[str, str] = field(default_factory=dict)

    def lead(self, party_id: str) -> str:
        """Give the id that stands for this party and all that are one with it."""
        return self.leads.get(party_id, party_id)

    def others(self, party_id: str) -> list[str]:
        """Give the other parties that are one with this one."""
        lead = self.leads.get(party_id)
        return sorted(p for p, of in self.leads.items() if of == lead and p != party_id)

    def find(self, name: str | None) -> str | None:
        """Which party is meant by this name: as written, or without legal form and what papers put around it?

        Parameters
        ----------
        name : str or None

        Returns
        -------
        str or None
            Its id, or the id that stands for those confirmed to be one; None where nobody or more than one bears the
            name.

        Notes
        -----
        *Assumes:* one case calls a party by one of its names.
        *Not for:* misspelt names: those are for a person.

        Examples
        --------
        >>> book = party_book(pl.DataFrame([{"party_id": "k", "name": "Zavod Kupol", "aliases": None}]))
        >>> book.find("TO THE ORDER OF ZAVOD KUPOL LLC"), book.find("Emma")
        ('k', None)
        """
        if name is None:
            return None
        if name in self.exact:
            return self.exact[name]
        words = _telling(NameReader(), name)
        return self.ids.get(words) if words else None


def _telling(reader: NameReader, name: str) -> tuple[str, ...]:
    read = reader.read(name)
    return tuple(w for w, s in zip(read.words, read.sorts, strict=True) if s in _NO_NOISE)


def party_book(party: pl.DataFrame, *, leads: Mapping[str, str] | None = None) -> PartyBook:
    """Make the parties of a case findable by name.

    Parameters
    ----------
    party : polars.DataFrame
        Table `party`.
    leads : mapping of str to str, optional
        Of parties confirmed to be one: `groups_of`.

    Returns
    -------
    PartyBook

    Notes
    -----
    *Assumes:* as `PartyBook.find`.
    *Not for:* lists.

    Examples
    --------
    See `PartyBook.find`.
    """
    reader = NameReader()
    rows: dict[str, Mapping[str, Any]] = {}
    ids: dict[tuple[str, ...], str | None] = {}
    exact: dict[str, str | None] = {}
    for row in party.iter_rows(named=True):
        rows[row["party_id"]] = row
        lead = (leads or {}).get(row["party_id"], row["party_id"])
        for name in dict.fromkeys([row["party_id"], row["name"], *(row.get("aliases") or ())]):
            known = exact.setdefault(name, lead)
            if known != lead:
                exact[name] = None
            words = _telling(reader, name)
            if words and ids.setdefault(words, lead) != lead:
                ids[words] = None
    return PartyBook(rows, ids, exact, dict(leads or {}))


def confirmed_as_one(pairs: pl.DataFrame) -> dict[str, str]:
    """Which parties did a person confirm to be one?

    Parameters
    ----------
    pairs : polars.DataFrame
        Table `party_pair`.

    Returns
    -------
    dict
        As `groups_of`.

    Notes
    -----
    *Assumes:* a pair somebody held apart is not joined through a third party: such a group is left unjoined until the
    conflict is settled.
    *Not for:* pairs nobody judged.

    Examples
    --------
    >>> rows = {"party_id": ["a", "b"], "other_party_id": ["b", "c"], "state": ["confirmed", "unjudged"]}
    >>> confirmed_as_one(pl.DataFrame(rows))
    {'a': 'a', 'b': 'a'}
    """
    ends = ("party_id", "other_party_id")
    by_state = {
        state: pairs.filter(pl.col("state") == state).select(ends).rows() for state in ("confirmed", "rejected")
    }
    group = groups_of(by_state["confirmed"])
    torn = {group[a] for a, b in by_state["rejected"] if a in group and group[a] == group.get(b)}
    return {party: lead for party, lead in group.items() if lead not in torn}


def party_pairs(party: pl.DataFrame, judgement: pl.DataFrame) -> pl.DataFrame:
    """Which parties of the case may be one, and what did a person decide?

    Parameters
    ----------
    party, judgement : polars.DataFrame

    Returns
    -------
    polars.DataFrame
        Table `party_pair`: pairs whose names are alike, what agrees, what differs, what was decided, and the conflict a
        confirmed merge would bring (other numbers of one scheme; a third party confirmed with one and rejected with the
        other).

    Notes
    -----
    *Assumes:* one scheme gives one number to one party.
    *Not for:* merging by itself.

    Examples
    --------
    >>> from taggant.model.typed_tables import TYPED
    >>> none = pl.DataFrame(schema=frame_schema(TYPED["judgement"]))
    >>> rows = [{"party_id": i, "name": n} for i, n in (("a", "Zavod Kupol"), ("b", "Kupol Plant"), ("c", "Emma"))]
    >>> pairs = party_pairs(pl.DataFrame(rows, schema=frame_schema(TYPED["party"])), none)
    >>> pairs.select("pair_id", "state").rows()
    [('a+b', 'unjudged')]
    """
    schema = frame_schema(DERIVED["party_pair"])
    rows = sorted(party.iter_rows(named=True), key=lambda r: str(r["party_id"]))
    names = [(n, row) for row in rows for n in dict.fromkeys([row["name"], *(row["aliases"] or ())])]
    index = NameIndex([n for n, _ in names])
    found = index.search([n for n, _ in names], most=8)
    best: dict[tuple[str, str], float] = {}
    by_id = {row["party_id"]: row for row in rows}
    for (_, row), some, scores in zip(names, found.rows.tolist(), found.scores.tolist(), strict=True):
        for k, score in zip(some, scores, strict=True):
            if k < 0 or score < _MAY_BE_ONE:
                continue
            for name in index.names_of(k).tolist():
                other = names[name][1]["party_id"]
                if other != row["party_id"]:
                    pair = (min(row["party_id"], other), max(row["party_id"], other))
                    best[pair] = max(best.get(pair, 0.0), score)
    made = [_pair(by_id[a], by_id[b], score) for (a, b), score in sorted(best.items())]
    frame = pl.DataFrame(made, schema=schema)
    state = judged(frame, judgement, "same-party")["judged"]
    frame = frame.with_columns(state=state.cast(pl.String))
    return frame.with_columns(conflict=pl.Series(_conflicts(frame), dtype=pl.String)).select(list(schema))


def _pair(one: Mapping[str, Any], other: Mapping[str, Any], score: float) -> dict[str, Any]:
    mine, theirs = ({plain_identifier(i) for i in r["identifiers"] or ()} for r in (one, other))
    schemes = {i.partition(":")[0] for i in mine} & {i.partition(":")[0] for i in theirs}
    agrees, differs = ["name", *sorted(mine & theirs)], []
    differs += [f"identifier {s}" for s in sorted(schemes) if not any(i.startswith(f"{s}:") for i in mine & theirs)]
    if one["country"] and other["country"]:
        same = one["country"] == other["country"]
        (agrees if same else differs).append(
            f"country {one['country']}" if same else f"countries {one['country']} and {other['country']}"
        )
    return {
        "pair_id": f"{one['party_id']}+{other['party_id']}", "party_id": one["party_id"],
        "other_party_id": other["party_id"], "name": one["name"], "other_name": other["name"],
        "score": round(score, 4), "agrees": agrees, "differs": differs, "state": "unjudged", "conflict": None,
    }  # fmt: skip


def _conflicts(pairs: pl.DataFrame) -> list[str | None]:
    rows = pairs.to_dicts()
    group = groups_of([(r["party_id"], r["other_party_id"]) for r in rows if r["state"] == "confirmed"])
    found: list[str | None] = []
    for row in rows:
        why = None
        together = group.get(row["party_id"]) is not None and group.get(row["party_id"]) == group.get(
            row["other_party_id"]
        )
        if row["state"] == "confirmed" and any(d.startswith("identifier") for d in row["differs"] or ()):
            why = f"confirmed as one, but {', '.join(row['differs'])} differ"
        elif row["state"] == "rejected" and together:
            why = "held apart, but joined through a third party confirmed with both"
        found.append(why)
    return found


def groups_of(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Which parties are one, by the pairs confirmed?

    Parameters
    ----------
    pairs : sequence of (str, str)

    Returns
    -------
    dict
        Party → the first name of its group; parties in no pair are not in it.

    Notes
    -----
    *Assumes:* what is one with one is one with the other.
    *Not for:* deciding: without the pair the parties are two again.

    Examples
    --------
    >>> groups_of([("a", "b"), ("b", "c")])
    {'a': 'a', 'b': 'a', 'c': 'a'}
    """
    lead: dict[str, str] = {}

    def top(x: str) -> str:
        while lead.setdefault(x, x) != x:
            x = lead[x]
        return x

    for a, b in pairs:
        one, other = sorted((top(a), top(b)))
        lead[other] = one
    return {x: top(x) for x in sorted(lead)}


def dedupe_with_splink(table: pl.DataFrame, *, threshold: float = 0.9) -> pl.DataFrame:
    """Which rows of a large table of parties may be one, by Splink's model fitted to the table itself?

    Parameters
    ----------
    table : polars.DataFrame, shape (n, …)
        Columns `party_id`, `name`; `country` where known.
    threshold : float in (0, 1)
        Least probability of a pair that is given.

    Returns
    -------
    polars.DataFrame
        `party_id`, `other_party_id`, `probability`.

    Raises
    ------
    MissingExtra
        Splink is not installed.

    Notes
    -----
    *Assumes:* names that share the beginning of a word may be one; u-probabilities from seeded random pairs.
    *Not for:* small tables: `party_pairs` shows its reasons.

    References
    ----------
    .. [1] Fellegi, I. P., Sunter, A. B. (1969). A theory for record linkage. *JASA* 64(328), 1183-1210.

    Examples
    --------
    >>> from importlib.util import find_spec
    >>> has_splink = find_spec("splink") is not None
    """
    try:
        import splink
        from splink import comparison_library as cl
    except ImportError as err:
        raise MissingExtra("screening", for_what="deduplicating a large table") from err

    reader = NameReader()
    words = [_telling(reader, name) for name in table["name"]]
    frame = pl.DataFrame(
        {
            "unique_id": table["party_id"],
            "name": [" ".join(sorted(w)) for w in words],
            "starts": [sorted({w[:4] for w in some}) for some in words],
        }
    )
    api = splink.DuckDBAPI()
    settings = splink.SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=1 / max(2, table.height),
        blocking_rules_to_generate_predictions=[splink.block_on("starts", arrays_to_explode=["starts"])],
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.97, 0.92, 0.85]),
            cl.ArrayIntersectAtSizes("starts", [3, 2, 1]),
        ],
    )
    linker = splink.Linker(api.register(frame), settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e5, seed=20261127)
    found = linker.inference.predict(threshold_match_probability=threshold)
    rows = found.as_record_list()
    return pl.DataFrame(
        [(r["unique_id_l"], r["unique_id_r"], float(r["match_probability"])) for r in rows],
        schema={"party_id": pl.String, "other_party_id": pl.String, "probability": pl.Float64}, orient="row",
    ).sort("party_id", "other_party_id")  # fmt: skip
