"""Through whose hands: parties, listings, custody and requests of a case, as rows and findings.

Invariant: no sentence here says that a party did wrong. A likeness of names is a question; a listing is a fact about a
list; custody is what papers show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from taggant.model.finding import Answer, Finding, Reference, StatedValue
from taggant.model.judgements import is_confirmed_only
from taggant.model.result import Assumption, Diagnostic, Interval, LeftOut, Refusal, Result
from taggant.tracing.chains import Chain, chains_of, custody_links
from taggant.tracing.events import party_events, trade_links
from taggant.tracing.flags import red_flags
from taggant.tracing.matches import matches_of
from taggant.tracing.parties import PartyBook, confirmed_as_one, party_book, party_pairs

if TYPE_CHECKING:
    from taggant.model.tables import Table

METHOD, VERSION = "hands-v1", "1"
_QUESTION = "through-whose-hands"
ANSWER_DAYS = 28
"""Days a party has to answer a trace request, by the practice of Conflict Armament Research."""

_NO_INFERENCE = Assumption(
    "a likeness of names or a place in a chain says nothing about malpractice",
    "untestable",
    "parts are resold, copied and stolen; a firm may bear another's name",
)


def trace_hands(
    *,
    party: Table,
    shipment: Table,
    transfer: Table,
    item: Table,
    component: Table,
    request: Table,
    listing: Table,
    judgement: Table,
    as_of: date | None,
    confirmed_only: str,
) -> Answer:
    """Through whose hands did items and parts go, who of them may be listed since when, and what was asked?

    Parameters
    ----------
    party, shipment, transfer, item, component, request, listing, judgement : Table
        As declared in `model`.
    as_of : date or None
        The day the answer is for.
    confirmed_only : str
        "yes" leaves out list entries nobody confirmed.

    Returns
    -------
    Answer
        Tables `match`, `party_pair`, `custody_link`, `trade_link`, `party_event`, `red_flag`; a finding for the case,
        one a chain of an item or part, one a party that may be listed, one for the requests.

    Notes
    -----
    *Assumes:* papers are what they say; a transfer without a stated manner is inferred.
    *Not for:* blame.

    Examples
    --------
    >>> from taggant.model.tables import frame_schema
    >>> from taggant.model.typed_tables import TYPED
    >>> names = ("party", "shipment", "transfer", "item", "component", "request", "listing", "judgement")
    >>> tables = {n: pl.DataFrame(schema=frame_schema(TYPED[n])).lazy() for n in names}
    >>> [f.statement for f in trace_hands(**tables, as_of=None, confirmed_only="no").findings]
    ['through-whose-hands.case.refused']
    """
    parties, shipments, transfers = party.collect(), shipment.collect(), transfer.collect()
    items, components, requests = item.collect(), component.collect(), request.collect()
    judgements = judgement.collect()
    pairs = party_pairs(parties, judgements)
    book = party_book(parties, leads=confirmed_as_one(pairs))
    links = custody_links(transfers, book)
    flags = red_flags(shipments)
    chains = chains_of(links, items, components)
    matches, states, n_lists = matches_of(
        parties, shipments, transfers, listing.collect(), judgements, book,
        as_of=as_of, confirmed_only=is_confirmed_only(confirmed_only),
    )  # fmt: skip
    counted = {"party": parties, "shipment": shipments, "transfer": transfers, "flag": flags, "pair": pairs}
    findings = [
        _case(counted, links, matches, n_lists, as_of, book),
        *(_of_chain(c, items, as_of) for c in chains if not c.name.startswith("goods:")),
        *_listed(matches, states, as_of, book),
        *_requests(requests, as_of),
    ]
    tables = {
        "match": matches, "party_pair": pairs, "custody_link": links, "trade_link": trade_links(links, shipments, book),
        "party_event": party_events(shipments, transfers, requests, matches, book), "red_flag": flags,
    }  # fmt: skip
    return Answer(tables, tuple(findings))


def _case(
    counted: Mapping[str, pl.DataFrame],
    links: pl.DataFrame,
    matches: pl.DataFrame,
    n_lists: int,
    as_of: date | None,
    book: PartyBook,
) -> Finding:
    n = {name: frame.height for name, frame in counted.items()}
    if not n["party"] and not n["shipment"] and not n["transfer"]:
        why, enough = "no party, shipment or change of hands is typed", "one row of transfers.csv"
        return Finding(
            finding_id=f"{_QUESTION}:case", question=_QUESTION, on=as_of, statement=f"{_QUESTION}.case.refused",
            values={"why": StatedValue(why)},
            result=Result(method=METHOD, version=VERSION, n_used=0, refused=Refusal(why, enough)),
        )  # fmt: skip
    observed = links.filter(pl.col("shown_as") == "observed").height
    conflicts = counted["pair"].filter(pl.col("conflict").is_not_null()).height
    refs = tuple(Reference("party", p) for p in counted["party"]["party_id"])
    values = {
        "n_parties": StatedValue(len({book.lead(p) for p in book.rows}), "parties", refs),
        "n_shipments": StatedValue(n["shipment"], "shipments"),
        "n_observed": StatedValue(observed, "links"),
        "n_inferred": StatedValue(links.height - observed, "links"),
        "n_lists": StatedValue(n_lists, "lists"),
        "n_listed": StatedValue(len({book.lead(p) for p in matches["party_id"]}), "parties"),
        "n_flagged": StatedValue(counted["flag"]["shipment_id"].n_unique(), "shipments"),
        "n_pairs": StatedValue(n["pair"], "pairs"),
    }
    no_list = Assumption("the parties were screened", "fails", "no list is held: taggant lists add CASE FILE")
    screened = Assumption("the lists held are whole", "weak", "their health stands with each version")
    return Finding(
        finding_id=f"{_QUESTION}:case", question=_QUESTION, on=as_of,
        statement=f"{_QUESTION}.case" if n_lists else f"{_QUESTION}.case.unscreened", values=values, supports=refs,
        result=Result(
            method=METHOD, version=VERSION, n_used=links.height + n["shipment"],
            headline=Interval(
                low=observed, point=observed, high=links.height, point_is="links somebody saw",
                interval="from what was seen to what is inferred", unit="links",
            ),
            assumptions=(_NO_INFERENCE, screened if n_lists else no_list),
            diagnostics=(
                Diagnostic("pairs of parties that may be one", n["pair"], "nothing is merged unless a person confirms"),
                Diagnostic("parties counted as one with another", n["party"] - len({book.lead(p) for p in book.rows}),
                           "confirmed by a person; taking the judgement back parts them"),
                Diagnostic("conflicts among confirmed merges", conflicts,
                           "0 is sound; a group that somebody also holds apart is not joined"),
            ),
        ),
    )  # fmt: skip


def _of_chain(chain: Chain, items: pl.DataFrame, as_of: date | None) -> Finding:
    kind, _, key = chain.name.partition(":")
    names = {r["item_id"]: r["serial_as_marked"] or r["item_id"] for r in items.iter_rows(named=True)}
    thing = names.get(key, key)
    refs = tuple(Reference("transfer", link["transfer_id"]) for link in chain.links)
    subject = {"item_id": key} if kind == "item" else {"component_id": key}
    inferred = len(chain.links) - chain.n_observed
    values: dict[str, StatedValue] = {
        "thing": StatedValue(thing, None, (Reference(kind, key),)),
        "n_observed": StatedValue(chain.n_observed, "links", refs),
        "n_inferred": StatedValue(inferred, "links", refs),
    }
    left_out = tuple([LeftOut("links only inferred: they move no holder", inferred)] if inferred else [])
    shared: dict[str, Any] = {
        "finding_id": f"{_QUESTION}:{chain.name}", "question": _QUESTION, "on": as_of, "subject": subject,
        "supports": refs,
    }  # fmt: skip
    if chain.holder is None:
        why = "nobody is known to have received it: every link is inferred, or its receiver is not known"
        return Finding(
            **shared, statement=f"{_QUESTION}.chain.refused", values={**values, "why": StatedValue(why)},
            result=Result(
                method=METHOD, version=VERSION, n_used=chain.n_observed, left_out=left_out,
                refused=Refusal(why, "one transfer that somebody saw, with its receiver"), assumptions=(_NO_INFERENCE,),
            ),
        )  # fmt: skip
    low, high = chain.held_from, chain.lost_by
    if low is not None and high is not None and high < low:
        low = None  # recovered before the papers give it away: the day of the paper does not bound it
    seen = next(
        (link for link in reversed(chain.links) if link["shown_as"] == "observed" and link["to_party"] is not None),
        None,
    )
    rests = () if seen is None else (Reference("transfer", seen["transfer_id"]),)
    values |= {
        "holder": StatedValue(chain.holder, None, (Reference("party", chain.holder_id),) if chain.holder_id else rests),
        "since": StatedValue(None if low is None else low - timedelta(days=1), "day", rests),
        "lost_by": StatedValue(None if high is None else high - timedelta(days=1), "day"),
    }
    return Finding(
        **shared, statement=f"{_QUESTION}.chain", values=values,
        result=Result(
            method=METHOD, version=VERSION, n_used=chain.n_observed, left_out=left_out,
            headline=Interval(
                low=low, high=high, interval="bounds: it left the last known holder between these days", unit="date"
            ),
            assumptions=(
                _NO_INFERENCE,
                Assumption("the last holder named by papers held it lawfully", "untestable", "papers do not say"),
                Assumption("the papers are about this very thing", "weak" if kind == "item" else "untestable",
                           "serials and lots lead to loads, not to single pieces"),
            ),
            diagnostics=tuple(
                Diagnostic(f"gap at link {link['n']}", link["gap"], "nobody has shown what happened")
                for link in chain.links
                if link["gap"] is not None
            ),
        ),
    )  # fmt: skip


def _listed(matches: pl.DataFrame, states: Mapping[str, str], as_of: date | None, book: PartyBook) -> Iterator[Finding]:
    lead = pl.Series("lead", [book.lead(p) for p in matches["party_id"]], dtype=pl.String)
    best = matches.with_columns(lead).sort("lead", "score", descending=[False, True])
    for row in best.unique("lead", keep="first", maintain_order=True).iter_rows(named=True):
        after, untold = row["n_after"] or 0, row["n_untold"] or 0
        state = states.get(row["match_id"], "unjudged")
        dated = (row["n_before"] or 0) + (row["n_after"] or 0)
        ref = Reference("party", row["party_id"])
        values = {
            "party": StatedValue(row["party_name"], None, (ref,)),
            "name": StatedValue(row["name"], None, (Reference("match", row["match_id"]),)),
            "list": StatedValue(row["list_id"]),
            "entity": StatedValue(row["entity"]),
            "score": StatedValue(row["score"]),
            "n_before": StatedValue(row["n_before"], "shipments"),
            "n_after": StatedValue(row["n_after"], "shipments"),
            "n_untold": StatedValue(row["n_untold"], "shipments"),
            "listed_from": StatedValue(row["listed_from"], "day"),
        }
        is_sure = state in ("confirmed", "replaced")
        statement = f"{_QUESTION}.listed" + ("" if row["listed_from"] is not None and dated else ".undated")
        total = dated + (row["n_untold"] or 0)
        yield Finding(
            finding_id=f"{_QUESTION}:listed:{row['party_id']}", question=_QUESTION, on=as_of, statement=statement,
            subject={"party_id": row["party_id"]}, values=values,
            supports=(ref, Reference("match", row["match_id"])),
            result=Result(
                method="screen-v1", version=VERSION, n_used=total,
                headline=Interval(
                    low=after, point=after, high=after + untold,
                    point_is="shipments surely after the listing", interval="from sure to possible", unit="shipments",
                ),
                assumptions=(
                    _NO_INFERENCE,
                    Assumption(
                        "the entry is this party", "ok" if is_sure else "weak",
                        "a person confirmed it" if is_sure else "names are alike; nobody has confirmed it",
                    ),
                    Assumption("trade before a listing was not forbidden by it", "untestable", "other law may apply"),
                ),
                diagnostics=(
                    Diagnostic("score", row["score"], "a name alone reaches at most 0.9"),
                    *(
                        [Diagnostic("counted as one with", ", ".join(others), "a person confirmed that they are one")]
                        if (others := book.others(row["party_id"]))
                        else ()
                    ),
                ),
            ),
        )  # fmt: skip


def _requests(requests: pl.DataFrame, as_of: date | None) -> Iterator[Finding]:
    if not requests.height:
        return
    rows = requests.to_dicts()
    sent = [r for r in rows if r["sent_from"] is not None]
    outcome = {
        word: sum(r["outcome"] == word for r in sent) for word in ("acknowledged", "answered", "refused", "silent")
    }
    overdue = [r for r in sent if is_overdue(r, as_of)]
    open_reply = [
        r for r in rows if as_of is not None and r["reply_right_until_until"] is not None
        and r["reply_right_until_until"] > as_of
    ]  # fmt: skip
    refs = tuple(Reference("request", r["request_id"]) for r in rows)
    yield Finding(
        finding_id=f"{_QUESTION}:requests", question=_QUESTION, on=as_of, statement=f"{_QUESTION}.requests",
        supports=refs,
        values={
            "n_sent": StatedValue(len(sent), "requests", refs),
            **{f"n_{word}": StatedValue(n, "requests") for word, n in outcome.items()},
            "n_overdue": StatedValue(len(overdue), "requests", _refs(overdue)),
            "n_open": StatedValue(len(open_reply), "requests", _refs(open_reply)),
            "days": StatedValue(ANSWER_DAYS, "days"),
        },
        result=Result(
            method=METHOD, version=VERSION, n_used=len(sent),
            headline=Interval(
                low=outcome["answered"], point=outcome["answered"], high=len(sent), point_is="answered",
                interval="from answered to sent", unit="requests",
            ),
            left_out=tuple([LeftOut("not sent yet", len(rows) - len(sent))] if len(rows) > len(sent) else []),
            assumptions=(Assumption("silence is no admission", "untestable", "letters go astray"),),
        ),
    )  # fmt: skip


def _refs(rows: Sequence[Mapping[str, Any]]) -> tuple[Reference, ...]:
    return tuple(Reference("request", r["request_id"]) for r in rows)


def is_overdue(request: Mapping[str, Any], as_of: date | None) -> bool:
    """Whether a request has waited longer than the days a party is given, without an answer.

    Parameters
    ----------
    request : mapping
        A row of `request`.
    as_of : date or None

    Returns
    -------
    bool
        False without a day to count to.

    Notes
    -----
    *Assumes:* 28 days from the day it was sent, by the practice of Conflict Armament Research.
    *Not for:* law.

    Examples
    --------
    >>> row = {"sent_until": date(2024, 6, 2), "answered_from": None, "outcome": "silent"}
    >>> is_overdue(row, date(2024, 6, 29)), is_overdue(row, date(2024, 6, 30))
    (False, True)
    """
    if as_of is None or request["sent_until"] is None or request["answered_from"] is not None:
        return False
    last_sent = request["sent_until"] - timedelta(days=1)
    return bool(request["outcome"] not in ("answered", "refused") and (as_of - last_sent).days > ANSWER_DAYS)
