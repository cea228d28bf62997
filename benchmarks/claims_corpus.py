"""How well does `taggant read` read the corpus of invented articles? Counts by field, jointly, `via`, relays and roots.

    python benchmarks/claims_corpus.py [report|tune|report2|tune2] [--show]

`--show` prints what differs, for the half that may be tuned on; of the other half only counts are printed.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from taggant.claims.documents import Document, read_document
from taggant.claims.reading import SuggestedClaim, read_claims
from taggant.claims.relays import Text, relays_between

CORPUS = Path(__file__).parents[1] / "tests" / "claims" / "corpus"
SECOND = CORPUS.with_name("corpus_second")
FIELDS = ("speaker", "topic", "stance", "quantity", "period")
ARTICLES = r"^(?:the|an?|der|die|das|dem|den|des|ein\w*|les?|la|une?|l['’]|el|los|las|un[ao]?)\s+"
INFLECTED = ("ru", "uk", "pl")


def fold(text: str) -> str:
    """Small letters, one space, no quotation marks, no article."""
    whole = re.sub(r"^l['’]", "", " ".join(text.casefold().split()).strip(' .,;:"“”«»„'))
    plain = re.sub(r"[\"“”«»„'‘’`\u200c]", "", whole)
    return re.sub(ARTICLES, "", plain.strip(" .,;:"))


def same(a: str, b: str, language: str) -> bool:
    """Whether two namings are one; endings may differ where words are inflected."""
    x, y = fold(a), fold(b)
    if x == y:
        return True
    if language in INFLECTED:
        xs, ys = x.split(), y.split()
        return len(xs) == len(ys) and all(
            p[: max(3, min(len(p), len(q)) - 3)] == q[: max(3, min(len(p), len(q)) - 3)]
            for p, q in zip(xs, ys, strict=True)
        )
    return False


def rows(name: str, corpus: Path = CORPUS) -> list[dict[str, str]]:
    """A table of a corpus."""
    with (corpus / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass
class Counts:
    """What was found of one language."""

    n_gold: int = 0
    n_said: int = 0
    n_matched: int = 0
    n_joint: int = 0
    n_via: int = 0
    fields: Counter[str] = field(default_factory=Counter)

    def line(self) -> dict[str, Any]:
        """Precision and recall."""
        p, r = (self.n_joint / n if n else 0.0 for n in (self.n_said, self.n_gold))
        out: dict[str, Any] = {
            "gold": self.n_gold,
            "suggested": self.n_said,
            "joint_p": round(p, 3),
            "joint_r": round(r, 3),
        }
        for name in FIELDS:
            out[f"{name}_p"] = round(self.fields[name] / self.n_said, 3) if self.n_said else 0.0
            out[f"{name}_r"] = round(self.fields[name] / self.n_gold, 3) if self.n_gold else 0.0
        out["via"] = round(self.n_via / self.n_matched, 3) if self.n_matched else 0.0
        return out


def number(text: str) -> float | None:
    """A cell as a number."""
    return float(text) if text else None


def right(gold: Mapping[str, str], said: SuggestedClaim, language: str) -> dict[str, bool]:
    """Which fields of a suggestion are right?"""
    return {
        "speaker": same(said.speaker or "", gold["speaker"], language),
        "topic": said.topic == gold["topic"],
        "stance": said.stance == gold["stance"],
        "quantity": (said.quantity_low, said.quantity_high) == (number(gold["quantity_low"]), number(gold["quantity_high"]))  # noqa: E501
        and (said.per or "") == gold["per"],
        "period": (said.period or "") == gold["period"],
        "via": _via(gold, said, language),
    }  # fmt: skip


def _via(gold: Mapping[str, str], said: SuggestedClaim, language: str) -> bool:
    wanted = [v for v in gold["via"].split(";") if v]
    return len(wanted) == len(said.via) and all(same(a, b, language) for a, b in zip(said.via, wanted, strict=True))


def overlap(a: str, b: str) -> bool:
    """Whether two quotes share words: one stands in the other, or they share most of the shorter."""
    x, y = fold(a), fold(b)
    if x in y or y in x:
        return True
    p, q = set(re.findall(r"\w+", x)), set(re.findall(r"\w+", y))
    return len(p & q) >= 0.7 * min(len(p), len(q))


def score(half: str, *, show: bool) -> dict[str, Any]:
    """Read one half of a corpus and count."""
    corpus = SECOND if half.endswith("2") else CORPUS
    show = show and half.startswith("tune")
    halves = {r["article_id"]: r["half"] for r in rows("split.csv", corpus)}
    articles = {r["article_id"]: r for r in rows("articles.csv", corpus) if halves[r["article_id"]] == half.rstrip("2")}
    gold: dict[str, list[dict[str, str]]] = defaultdict(list)
    for r in rows("claims.csv", corpus):
        if r["article_id"] in articles:
            gold[r["article_id"]].append(r)
    counts: dict[str, Counts] = defaultdict(Counts)
    documents: dict[str, Document] = {}
    for name, a in articles.items():
        path = corpus / a["file"]
        document = documents[name] = read_document(path)
        said = list(read_claims(document, said=date.fromisoformat(a["published"][:10]), outlet=a["outlet"]))
        one(counts[a["language"]], gold[name], said, a["language"], show=show, name=name)
    total = Counts()
    for c in counts.values():
        for key in ("n_gold", "n_said", "n_matched", "n_joint", "n_via"):
            setattr(total, key, getattr(total, key) + getattr(c, key))
        total.fields += c.fields
    others = Counts()
    for language, c in counts.items():
        if language != "en":
            for key in ("n_gold", "n_said", "n_matched", "n_joint", "n_via"):
                setattr(others, key, getattr(others, key) + getattr(c, key))
            others.fields += c.fields
    report: dict[str, Any] = {k: counts[k].line() for k in sorted(counts)}
    report["not en"] = others.line()
    report["all"] = total.line()
    report["relays"] = relays(articles, documents, corpus, show=show)
    report["roots"] = root_counts(articles, documents, gold, corpus, show=show)
    return report


def one(
    c: Counts, gold: list[dict[str, str]], said: list[SuggestedClaim], language: str, *, show: bool, name: str
) -> None:
    """Match the suggestions of one article to its gold claims, the best agreeing first."""
    pairs = []
    for g, want in enumerate(gold):
        for s, got in enumerate(said):
            if overlap(want["quote"], got.quote):
                ok = right(want, got, language)
                pairs.append((sum(ok.values()) + 2 * ok["topic"] + 2 * ok["quantity"], -g, -s))
    taken_g: dict[int, int] = {}
    taken_s: set[int] = set()
    for _, g, s in sorted(pairs, reverse=True):
        if -g not in taken_g and -s not in taken_s:
            taken_g[-g] = -s
            taken_s.add(-s)
    matched = [gold[g] for g in taken_g]
    repeats = {
        s for s, got in enumerate(said)
        if s not in taken_s and any(m["topic"] == got.topic and m["stance"] == got.stance
                                    and number(m["quantity_low"]) == got.quantity_low
                                    and number(m["quantity_high"]) == got.quantity_high for m in matched)
    }  # fmt: skip
    c.n_gold += len(gold)
    c.n_said += len(said) - len(repeats)
    c.n_matched += len(taken_g)
    for g, s in sorted(taken_g.items()):
        ok = right(gold[g], said[s], language)
        c.fields.update(k for k in FIELDS if ok[k])
        c.n_joint += all(ok[k] for k in FIELDS)
        c.n_via += ok["via"]
        if show and not all(ok.values()):
            got = said[s]
            print(f"{name} {[k for k in ok if not ok[k]]} {gold[g]['quote']!r}")
            for k in ok:
                if not ok[k]:
                    have = {"quantity": (got.quantity_low, got.quantity_high, got.per), "via": got.via}.get(
                        k, getattr(got, k, None)
                    )
                    want_ = {"quantity": (gold[g]["quantity_low"], gold[g]["quantity_high"], gold[g]["per"])}.get(
                        k, gold[g].get(k)
                    )
                    print(f"      {k}: {have!r}  wanted {want_!r}")
    if show:
        for g, want in enumerate(gold):
            if g not in taken_g:
                print(
                    f"{name} MISSED {want['topic']} {want['stance']} {want['quantity_low']}-{want['quantity_high']} {want['speaker']!r} {want['quote']!r}"  # noqa: E501
                )
        for s, got in enumerate(said):
            if s not in taken_s and s not in repeats:
                print(
                    f"{name} EXTRA {got.topic} {got.stance} {got.quantity_low}-{got.quantity_high} {got.speaker!r} {got.quote!r}"  # noqa: E501
                )


def texts(articles: Mapping[str, Mapping[str, str]], documents: Mapping[str, Document]) -> list[Text]:
    """The articles as texts that may relay each other."""
    return [
        Text(name=n, document=documents[n], outlets=(a["outlet"],), said=date.fromisoformat(a["published"][:10]))
        for n, a in articles.items()
    ]  # fmt: skip


def relays(
    articles: Mapping[str, Mapping[str, str]], documents: Mapping[str, Document], corpus: Path, *, show: bool
) -> dict[str, float]:
    """Edges between articles: precision, recall, F1."""
    wanted = {
        (r["article_id"], r["from_article_id"])
        for r in rows("relays.csv", corpus)
        if r["from_article_id"] and r["article_id"] in articles
    }
    found = {(r.text, r.relays): r for r in relays_between(texts(articles, documents))}
    hit = wanted & set(found)
    if show:
        for edge in sorted(wanted - set(found)):
            print(
                "EDGE MISSED",
                edge,
                [r["why"] for r in rows("relays.csv", corpus) if (r["article_id"], r["from_article_id"]) == edge],
            )
        for edge in sorted(set(found) - wanted):
            print("EDGE EXTRA", edge, found[edge].reasons)
    p, r = (len(hit) / len(x) if x else 1.0 for x in (found, wanted))
    return {"n": len(wanted), "p": round(p, 3), "r": round(r, 3), "f1": round(2 * p * r / (p + r), 3) if p + r else 0.0}


def _best(want: Mapping[str, str], mine: Iterable[SuggestedClaim], language: str) -> SuggestedClaim | None:
    """The suggestion that agrees most with a gold claim."""
    near = [m for m in mine if overlap(want["quote"], m.quote)]
    return max(near, key=lambda m: sum(right(want, m, language).values()), default=None)


def root_counts(
    articles: Mapping[str, Mapping[str, str]],
    documents: Mapping[str, Document],
    gold: Mapping[str, Iterable[Mapping[str, str]]],
    corpus: Path,
    *,
    show: bool,
) -> dict[str, float]:
    """Groups of claims: is the number of independent roots right?"""
    from taggant.claims.relays import independent_roots

    of = {c["claim_id"]: (n, c) for n, cs in gold.items() for c in cs}
    some = texts(articles, documents)
    edges = relays_between(some)
    right_, n = 0, 0
    for g in rows("roots.csv", corpus):
        names = [c for c in g["claim_ids"].split(";") if c]
        if not all(c in of for c in names):
            continue
        n += 1
        said = []
        for c in names:
            article, want = of[c]
            a = articles[article]
            mine = read_claims(documents[article], said=date.fromisoformat(a["published"][:10]), outlet=a["outlet"])
            best = _best(want, mine, a["language"])
            said.append((article, best.via if best is not None else (), best.quote if best is not None else ""))
        found = independent_roots(said, some, edges)
        ok = len(found) == int(g["n_independent_roots"])
        right_ += ok
        if show and not ok:
            print("ROOTS", g["claim_group"], sorted(found), "wanted", g["roots"])
    return {"n": n, "exact": round(right_ / n, 3) if n else 1.0}


if __name__ == "__main__":
    half = next((a for a in sys.argv[1:] if not a.startswith("-")), "report")
    print(json.dumps(score(half, show="--show" in sys.argv), indent=1))
