"""Is this party on a list? Names set against names, identifiers and countries beside them, each alert explained.

Invariant: a name alone never reaches more than 0.9: two parties may bear one name. A hit is a question for a person, no
finding about the party.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz

from taggant.errors import InputError
from taggant.tracing.likeness import ListedEntry, Party, least_of_name, plain_identifier, stood_on, weigh_evidence
from taggant.writing.name_alignment import Alignment, align, same_script, spelled_words
from taggant.writing.name_index import VERSION as INDEX_VERSION
from taggant.writing.name_index import NameIndex
from taggant.writing.name_reading import NameReader, Sort

if TYPE_CHECKING:
    from taggant.model.tables import Table

METHOD, VERSION = "screen-v1", "1"
LEAST = 0.65
"""From here on a hit is shown: on half A of the benchmark about one negative in a hundred reached it."""
MOST = 10

_SHORT = 0.8  # a name of one everyday word is weighed down to this share
_ENOUGH_TOLD = 1.1  # sum of word weights from which on a name is no longer short
_WIDER = 4  # rows looked at for each hit asked for: entries share rows, and evidence re-orders them


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One entry that may be the party.

    Attributes
    ----------
    entity, name, list_id, version : str
        The entry, the name of it that is most like, its list and the list's version.
    score : float
        From 0 to 1.
    name_score : float
        Of the names alone.
    agrees, differs, absent : tuple of str
        What speaks for, against, and what cannot be compared because one side lacks it.
    alignment : Alignment
    """

    entity: str
    name: str
    list_id: str
    version: str
    version_on: date | None
    listed_on: date | None
    score: float
    name_score: float
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    absent: tuple[str, ...]
    alignment: Alignment

    def as_json(self) -> dict[str, Any]:
        """Give the hit as machines read it (Appendix B)."""
        return {
            "entity": self.entity,
            "name": self.name,
            "list": self.list_id,
            "score": round(self.score, 4),
            "agrees": list(self.agrees),
            "differs": list(self.differs),
            "absent": list(self.absent),
            "alignment": [w.as_json() for w in self.alignment.words],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What was found for one party, best first."""

    party: Party
    words: tuple[str, ...]
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a screening hangs on; a receipt holds it.

    Attributes
    ----------
    least : float
        Score from which on a hit is shown.
    most : int
        Hits a party.
    exact_script : bool
        Compare only names in the same script, letter by letter, without transliteration.
    as_of : date or None
        Only entries listed on or before this day, and not yet taken off.
    """

    least: float = LEAST
    most: int = MOST
    exact_script: bool = False
    as_of: date | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the settings as plain values, with the versions of what runs."""
        return {
            "method": METHOD,
            "version": VERSION,
            "index": INDEX_VERSION,
            "least": self.least,
            "most": self.most,
            "exact_script": self.exact_script,
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
        }


@dataclass(slots=True)
class Screen:
    """Lists made ready to be asked.

    Parameters
    ----------
    listing : Table
        As declared in `model`.
    settings : Settings, optional

    Notes
    -----
    *Assumes:* a list names what it lists; one party may stand on several lists.
    *Not for:* saying that a party did wrong.

    Examples
    --------
    >>> import polars as pl
    >>> from taggant.model.tables import frame_schema
    >>> from taggant.model.tracing_tables import LISTING
    >>> row = {"list_id": "mine", "version": "sha256:0", "entity": "7", "name": "Zavod Kupol", "names": ["Zavod Kupol"]}
    >>> screen = Screen(pl.DataFrame([row], schema=frame_schema(LISTING)).lazy())
    >>> hit = screen.ask([Party(name="Kupol Plant")])[0].hits[0]
    >>> hit.entity, hit.score <= 0.9, hit.absent
    ('7', True, ('identifiers', 'country'))
    """

    listing: Table
    settings: Settings = field(default_factory=Settings)
    names: tuple[str, ...] = ()
    _entries: list[ListedEntry] = field(default_factory=list)
    _owner: list[int] = field(default_factory=list)
    _by_identifier: dict[str, list[int]] = field(default_factory=dict)
    _index: NameIndex = field(init=False)

    def __post_init__(self) -> None:
        as_of = self.settings.as_of
        names: list[str] = []
        for row in self.listing.collect().iter_rows(named=True):
            if as_of is not None and not stood_on(row, as_of):
                continue
            identifiers = tuple(map(plain_identifier, row["identifiers"] or ()))
            entry = ListedEntry(
                row["entity"], row["list_id"], row["version"], row["version_on"], row["kind"],
                tuple(row["countries"] or ()), identifiers, row["listed_on"],
            )  # fmt: skip
            for identifier in identifiers:
                self._by_identifier.setdefault(identifier, []).append(len(self._entries))
            for name in row["names"] or [row["name"]]:
                names.append(name)
                self._owner.append(len(self._entries))
            self._entries.append(entry)
        self.names = tuple(names)
        self._index = NameIndex(names)

    @property
    def n_entries(self) -> int:
        """Entries asked."""
        return len(self._entries)

    def ask(self, parties: Sequence[Party], *, threads: int = 1, explain: bool = True) -> list[Screened]:
        """Which entries may be each of these parties?

        Parameters
        ----------
        parties : sequence of Party
        threads : int
            Cores; the answer is the same.
        explain : bool
            Whether names are aligned word by word for every hit (slower), and the words of each party given.

        Returns
        -------
        list of Screened
            One a party, in order.

        Notes
        -----
        *Assumes:* as the class.
        *Not for:* deciding: that is a person's judgement.

        Examples
        --------
        See the class.
        """
        found = self._index.search(
            [p.name for p in parties], most=self.settings.most * _WIDER, threads=threads,
            by_sound=not self.settings.exact_script,
        )  # fmt: skip
        reader = NameReader(base=self._index.reader)
        done = []
        for n, party in enumerate(parties):
            floor = (
                0.0 if party.identifiers else least_of_name(self.settings.least, has_country=party.country is not None)
            )
            best = self._named(party, found.rows[n], found.scores[n], floor)
            for identifier in map(plain_identifier, party.identifiers):
                for entry in self._by_identifier.get(identifier, ()):
                    best.setdefault(entry, (0.0, self._first_name(entry)))
            if not best and not explain:
                done.append(Screened(party=party, words=(), hits=()))
                continue
            words = reader.read(party.name)
            told = sum(
                float(w)
                for w, s in zip(self._weights(reader, party.name), words.sorts, strict=False)
                if s in (Sort.NAME, Sort.PLACE)
            )
            hits = self._hits(party, best, told, explain=explain)
            done.append(Screened(party=party, words=words.words, hits=tuple(hits)))
        return done

    def _weights(self, reader: NameReader, name: str) -> list[float]:
        known = self._index.vocabulary.weights
        return [float(known[c]) if c < len(known) else 1.0 for c in reader.codes(name)]

    def _first_name(self, entry: int) -> int:
        return self._owner.index(entry)

    def _named(self, party: Party, rows: Any, scores: Any, floor: float) -> dict[int, tuple[float, int]]:
        best: dict[int, tuple[float, int]] = {}
        for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
            if row < 0 or score < floor:
                break  # best first: what follows is no better
            for name in self._index.names_of(row).tolist():
                s = score
                if self.settings.exact_script:
                    s = _exact(party.name, self.names[name], score)
                entry = self._owner[name]
                if s > best.get(entry, (0.0, -1))[0]:
                    best[entry] = (s, name)
        return best

    def _hits(self, party: Party, best: Mapping[int, tuple[float, int]], told: float, *, explain: bool) -> list[Hit]:
        share = _SHORT + (1 - _SHORT) * min(1.0, told / _ENOUGH_TOLD)
        weighed = []
        for entry, (name_score, name) in best.items():
            score, agrees, differs, absent = weigh_evidence(party, self._entries[entry], name_score * share)
            if score >= self.settings.least:
                weighed.append((-score, self._entries[entry].list_id, entry, name, name_score, agrees, differs, absent))
        weighed.sort(key=lambda w: w[:3])
        hits = []
        for minus, _, entry, name, name_score, agrees, differs, absent in weighed[: self.settings.most]:
            e = self._entries[entry]
            listed = self.names[name]
            shown = align(self._index, party.name, listed) if explain else _NO_ALIGNMENT
            by_form = _forms(shown)
            hits.append(
                Hit(
                    entity=e.entity, name=listed, list_id=e.list_id, version=e.version, version_on=e.version_on,
                    listed_on=e.listed_on, score=-minus, name_score=name_score, agrees=(*agrees, *by_form[0]),
                    differs=(*differs, *by_form[1]), absent=absent, alignment=shown,
                )
            )  # fmt: skip
        return hits


_NO_ALIGNMENT = Alignment(words=(), query_met=0.0, listed_met=0.0, both=0.0)


def _exact(query: str, listed: str, score: float) -> float:
    """The score when letters count as written: none over two scripts."""
    if not same_script(query, listed):
        return 0.0
    one, other = " ".join(sorted(spelled_words(query))), " ".join(sorted(spelled_words(listed)))
    return min(score, fuzz.ratio(one, other) / 100)


def _forms(shown: Alignment) -> tuple[tuple[str, ...], tuple[str, ...]]:
    same = any(w.how == "same legal form" for w in shown.words)
    return (("legal form",) if same else ()), ()


def refuse_empty(parties: Sequence[Party]) -> None:
    """Stop when nobody is asked about.

    Parameters
    ----------
    parties : sequence of Party

    Raises
    ------
    InputError
        None has a name.

    Notes
    -----
    *Assumes:* an empty answer must not look like a clean one.
    *Not for:* single empty rows: they are counted.

    Examples
    --------
    >>> refuse_empty([Party(name="Kupol")])
    """
    if not any(p.name.strip() for p in parties):
        raise InputError("no name is given", so_what="Nothing was screened", next="Give a name or a file with names")
