"""All pages of a case, each made when asked for: written to a folder, or handed over by a server.

Invariant: a page needs nothing but this site: no request leaves it. The same case gives the same bytes, on disk and
served.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from importlib import resources
from typing import Any

from taggant.model.declared import schema_of
from taggant.model.derived_tables import DERIVED
from taggant.model.typed_tables import TYPED
from taggant.report import pages
from taggant.report.addresses import HOME, ICON, STYLE, page_address, table_address, twin
from taggant.report.dossier import CommitView, Dossier
from taggant.report.exports import findings_json, made_range_csv, table_csv, with_text
from taggant.report.party_view import party_view
from taggant.report.question_views import question_view
from taggant.report.row_view import row_view
from taggant.report.twins import case_json, commit_json, row_json, table_json
from taggant.report.view import QUESTION

_TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "woff2": "font/woff2",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class SiteFile:
    """One file of the site."""

    content: bytes
    media_type: str


class Site:
    """The pages of one dossier.

    Attributes
    ----------
    dossier : Dossier
    """

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier

    @property
    def addresses(self) -> Iterable[str]:
        """Every address there is, the home first."""
        return self._makers.keys()

    def file(self, address: str) -> SiteFile | None:
        """Which file is at this address?

        Parameters
        ----------
        address : str
            From the root of the site, without a leading slash: ``item/m214.html``.

        Returns
        -------
        SiteFile or None
            None when there is none: addresses are looked up among those the site made, never on a disk.

        Raises
        ------
        UnknownName
            A finding's statement has no words.

        Notes
        -----
        *Assumes:* the dossier does not change.
        *Not for:* folders.

        Examples
        --------
        >>> from taggant.report.dossier import CaseView
        >>> case = CaseView(title="K", subject="K", as_of=None, commit="", n_exhibits_held=0, n_sources_cited=0)
        >>> Site(Dossier(case=case, answers={}, frames={})).file("../secret") is None
        True
        """
        maker = self._makers.get(address)
        if maker is None:
            return None
        made = maker()
        content = made if isinstance(made, bytes) else made.encode("utf-8", errors="backslashreplace")
        return SiteFile(content, _TYPES[address.rpartition(".")[2]])

    def missing(self) -> SiteFile:
        """Give the page for an address there is nothing at; its links begin at the root of the server."""
        return SiteFile(pages.missing_page(self.dossier).encode("utf-8"), _TYPES["html"])

    @cached_property
    def _makers(self) -> Mapping[str, Callable[[], str | bytes]]:
        d = self.dossier
        makers: dict[str, Callable[[], str | bytes]] = {
            HOME: partial(pages.home_page, d),
            twin(HOME): partial(case_json, d),
            "tables.html": partial(pages.tables_page, d),
            "tables.json": self._tables_json,
            "log.html": partial(pages.log_page, d),
            "log.json": self._log_json,
        }
        for question in d.answers:
            makers |= self._of_question(question)
        for name in d.table_names:
            address = table_address(name)
            makers[address] = partial(pages.table_page, d, name)
            makers[twin(address)] = partial(table_json, d, name)
            makers[twin(address, "csv")] = partial(self._table_csv, name)
            if name in TYPED:
                makers |= self._of_rows(name)
        for commit in d.commits:
            address = page_address("commit", commit.commit_id)
            makers[address] = partial(pages.commit_page, d, commit)
            makers[twin(address)] = partial(self._commit_json, commit)
        return makers | _assets()

    def _of_question(self, question: str) -> dict[str, Callable[[], str | bytes]]:
        address = f"{question}.html"
        own: dict[str, Callable[[], str | bytes]] = {twin(address): partial(self._question_json, question)}
        if question == QUESTION:
            own[address] = partial(pages.when_made_page, self.dossier)
            own[twin(address, "csv")] = partial(made_range_csv, self.dossier.frames)
            return own
        own[address] = partial(pages.question_page, self.dossier, question)
        for chart in question_view(self.dossier, question, way=pages.way_from(self.dossier, address)).charts:
            own[chart.address] = partial(_json, chart.spec)
        return own

    def _of_rows(self, table: str) -> dict[str, Callable[[], str | bytes]]:
        own: dict[str, Callable[[], str | bytes]] = {}
        for key in self.dossier.rows[table]:
            address = page_address(table, key)
            own[address] = partial(pages.row_page, self.dossier, table, key)
            own[twin(address)] = partial(self._row_json, table, key)
            if table == "party":
                view = party_view(self.dossier, key, pages.way_from(self.dossier, address))
                own |= {chart.address: partial(_json, chart.spec) for chart in view.charts}
        return own

    def _question_json(self, question: str) -> str:
        return findings_json(with_text(self.dossier.answers[question], lang=self.dossier.case.language))

    def _row_json(self, table: str, key: str) -> str:
        way = pages.way_from(self.dossier, page_address(table, key))
        return row_json(row_view(self.dossier, table, key, way=way), self.dossier.rows[table][key])

    def _table_csv(self, name: str) -> str:
        return table_csv(self.dossier.frame(name), schema_of(name))

    def _tables_json(self) -> str:
        d = self.dossier
        return _json(
            [{"table": n, "meaning": schema_of(n).meaning, "n": d.n_rows[n], "is_derived": n in DERIVED}
             for n in d.table_names]
        )  # fmt: skip

    def _log_json(self) -> str:
        return _json([commit_json(c, with_records=False) for c in self.dossier.commits])

    def _commit_json(self, commit: CommitView) -> str:
        return _json(commit_json(commit, with_records=True))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False, default=str) + "\n"


def _assets() -> dict[str, Callable[[], str | bytes]]:
    """The style sheet and the fonts of this package, with the licence of the fonts."""
    room = resources.files("taggant.report")
    fonts = [f for f in room.joinpath("fonts").iterdir() if f.name.endswith((".woff2", ".txt"))]
    found: dict[str, Callable[[], str | bytes]] = {
        STYLE: _style,
        ICON: room.joinpath("templates", "icon.svg").read_bytes,
    }
    for file in sorted(fonts, key=lambda f: f.name):
        found[f"assets/fonts/{file.name.lower()}"] = file.read_bytes
    return found


def _style() -> str:
    templates = resources.files("taggant.report").joinpath("templates")
    return "".join(templates.joinpath(name).read_text(encoding="utf-8") for name in ("faces.css", "look.css"))
