"""What the page of a question shows beside its findings: charts, and tables of its own.

Invariant: a question without an entry here has a whole page all the same, from its findings alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from taggant.report.cells import Way
from taggant.report.dossier import Dossier, Finding
from taggant.report.hands_view import hands_view
from taggant.report.has_it_stopped_view import has_it_stopped_view
from taggant.report.how_many_view import how_many_view
from taggant.report.listed_parts_view import listed_parts_view
from taggant.report.sections import Extra
from taggant.report.what_changed_view import what_changed_view
from taggant.report.what_is_it_view import what_is_it_view
from taggant.report.who_said_what_view import who_said_what_view

QuestionView: TypeAlias = Callable[[Dossier, Sequence[Finding], Way], Extra]


def question_view(dossier: Dossier, question: str, *, way: Way) -> Extra:
    """What does this question's page show beside its findings?

    Parameters
    ----------
    dossier : Dossier
    question : str
    way : callable
        Where things are, as links on this page.

    Returns
    -------
    Extra
        Empty for a question without a view of its own.

    Notes
    -----
    *Assumes:* when-made has a page of its own.
    *Not for:* findings: `finding_view`.

    Examples
    --------
    >>> from taggant.report.dossier import CaseView
    >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
    >>> question_view(Dossier(case=case, answers={}, frames={}), "what-next", way=lambda t, k: None).charts
    ()
    """
    view = VIEWS.get(question)
    return Extra() if view is None else view(dossier, dossier.answers.get(question, ()), way)


VIEWS: Mapping[str, QuestionView] = {
    "through-whose-hands": hands_view,
    "what-is-it": what_is_it_view,
    "what-changed": what_changed_view,
    "how-many": how_many_view,
    "has-it-stopped": has_it_stopped_view,
    "whose-parts": listed_parts_view,
    "who-said-what": who_said_what_view,
}
"""Question → what its page shows beside its findings."""
