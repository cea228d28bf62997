"""Many silences judged at once: each p, adjusted for all that were asked.

Invariant: questions that could not be judged have no p and count as none; the number asked is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from taggant.model.finding import Finding
from taggant.model.result import Diagnostic
from taggant.statistics.multiplicity import adjusted_p

_P = "p of the silence"


def with_multiplicity(
    findings: Sequence[Finding], rows: Sequence[dict[str, object]]
) -> tuple[list[Finding], list[dict[str, object]]]:
    """What is each p, once all questions of the case are counted?

    Parameters
    ----------
    findings : sequence of Finding
    rows : sequence of dict
        Of table `stop`, in the same order.

    Returns
    -------
    list of Finding, list of dict
        Judged ones with the adjusted p and the number asked; the words are not changed by it.

    Notes
    -----
    *Assumes:* each day of judging was fixed beforehand; questions share who looked and how hard, so the adjustment
    holds whatever they have in common (Benjamini–Yekutieli).
    *Not for:* looks again and again: p cannot carry that at all.

    Examples
    --------
    >>> with_multiplicity([], [])
    ([], [])
    """
    judged = [i for i, f in enumerate(findings) if any(d.name == _P for d in f.result.diagnostics)]
    ps = [next(float(d.value or 0) for d in findings[i].result.diagnostics if d.name == _P) for i in judged]
    adjusted = dict(zip(judged, adjusted_p(ps, is_independent=False).tolist(), strict=True))
    done, told = list(findings), [dict(r) for r in rows]
    for i, p in adjusted.items():
        said = Diagnostic(
            "p adjusted for the questions asked", round(p, 6),
            f"{len(judged)} of {len(findings)} could be judged; of those with at most 0.05, one in twenty is chance on "
            "average (Benjamini–Yekutieli)",
        )  # fmt: skip
        result = done[i].result
        done[i] = replace(done[i], result=replace(result, diagnostics=(*result.diagnostics, said)))
        told[i]["p_adjusted"] = p
    return done, told
