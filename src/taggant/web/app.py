"""The pages of a case over HTTP: the same bytes the static site has, with headers that keep them to themselves.

Invariant: GET and HEAD only; an address is looked up among the pages there are, never on a disk; a request that names
another host than this one is refused, so that no page of the web can read a case through its reader's browser.
"""

from __future__ import annotations

import hashlib
import socket
import threading
from pathlib import Path

from fastapi import FastAPI, Request, Response
from starlette.middleware.base import RequestResponseEndpoint

from taggant.errors import EvidenceBroken, InputError, TaggantError, UnknownName
from taggant.ledger.ledger import Ledger
from taggant.model.typed_tables import TLP
from taggant.report.pages import POLICY
from taggant.report.site import Site, SiteFile
from taggant.web.casebook import open_dossier

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Where pages may be served without accounts."""

HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_METHODS = ("GET", "HEAD")


class ServedCase:
    """One case, answered again when its ledger has another head.

    Attributes
    ----------
    folder : Path
    level : str or None
        The highest TLP level shown; None: the case's own.
    as_of : str or None
        A day or a commit: the case as this ledger knew it then; None: as it is now.
    """

    def __init__(self, folder: Path, *, level: str | None = None, as_of: str | None = None) -> None:
        if level is not None and level not in TLP:
            raise UnknownName("TLP level", level, TLP)
        self.folder = folder
        self.level = level
        self.as_of = as_of
        self._lock = threading.Lock()
        self._head: str | None = None
        self._site: Site | None = None

    def site(self) -> Site:
        """Give the pages of the case as it is now, or as it was known then."""
        with self._lock:
            head = self._head_now()
            if self._site is None or head != self._head:
                self._site = Site(open_dossier(self.folder, level=self.level, as_of=self.as_of))
                self._head = head
            return self._site

    def _head_now(self) -> str | None:
        with Ledger.open(self.folder) as ledger:
            head = ledger.head(self.as_of)
        return None if head is None else head.commit_id


def create_app(case: ServedCase) -> FastAPI:
    """Which application serves this case?

    Parameters
    ----------
    case : ServedCase

    Returns
    -------
    FastAPI
        Answers GET and HEAD for the addresses of the site, with and without ``.html``.

    Notes
    -----
    *Assumes:* it is bound to loopback: there are no accounts yet.
    *Not for:* a team's server.

    Examples
    --------
    >>> create_app(ServedCase(Path("demo"))).title
    'Taggant'
    """
    app = FastAPI(title="Taggant", openapi_url=None, docs_url=None, redoc_url=None)

    def answer(request: Request, address: str) -> Response:
        if not _names_this_host(request):
            return _plain(421, "This server answers for this machine only.")
        if request.method not in _METHODS:
            return _plain(405, "Pages can only be read.", {"Allow": ", ".join(_METHODS)})
        try:
            site = case.site()
            file = _file_at(site, address)
            return _page(request, site.missing(), 404) if file is None else _page(request, file, 200)
        except TaggantError as err:
            # What went wrong is said without a page: the case cannot be shown as it is.
            broken = isinstance(err, EvidenceBroken)
            return _plain(503 if broken or isinstance(err, InputError) else 500, str(err))

    @app.middleware("http")
    async def with_headers(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    every = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
    app.add_api_route("/{address:path}", answer, methods=every, include_in_schema=False)
    return app


def listen(host: str = "127.0.0.1", port: int = 8000) -> socket.socket:
    """On which socket are the pages to be had?

    Parameters
    ----------
    host : str
        A name of this machine's loopback.
    port : int
        0 takes any that is free.

    Returns
    -------
    socket.socket
        Bound; its name says the port.

    Raises
    ------
    InputError
        Another host: accounts are not built, so everybody on the network could read the case. Or the port is taken.

    Notes
    -----
    *Assumes:* whoever has an account on this machine may read the case.
    *Not for:* other machines.

    Examples
    --------
    >>> listen("0.0.0.0")
    Traceback (most recent call last):
    taggant.errors.InputError: the host '0.0.0.0' is not this machine alone. ...
    """
    check_host(host)
    found = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(128)  # from now on nobody is turned away: who asks early waits
    except OSError as err:
        found.close()
        raise InputError(
            f"port {port} cannot be listened on: {err.strerror}", next="Choose another: taggant serve CASE --port 8001"
        ) from err
    return found


def serve(case: ServedCase, listening: socket.socket) -> None:
    """Serve these pages on this socket until somebody stops it.

    Parameters
    ----------
    case : ServedCase
    listening : socket.socket
        From `listen`.

    Notes
    -----
    *Assumes:* the socket is bound to loopback.
    *Not for:* other machines.
    """
    import uvicorn

    config = uvicorn.Config(create_app(case), log_level="warning", server_header=False, access_log=False)
    uvicorn.Server(config).run(sockets=[listening])


def check_host(host: str) -> None:
    """Refuse to serve to anybody but this machine.

    Parameters
    ----------
    host : str

    Raises
    ------
    InputError
        It is not one of `LOOPBACK`.

    Notes
    -----
    *Assumes:* `localhost` is this machine.
    *Not for:* who may read what.

    Examples
    --------
    >>> check_host("127.0.0.1")
    """
    if host not in LOOPBACK:
        raise InputError(
            f"the host {host!r} is not this machine alone",
            so_what="Accounts and roles are not built yet: everybody who reaches it could read the whole case",
            next="Leave --host out, and let others read a report: taggant report CASE --site --tlp CLEAR",
        )


def _file_at(site: Site, address: str) -> SiteFile | None:
    """The file of this address: as it is, or as people type it, without its ending."""
    name = address or "index.html"
    found = site.file(name)
    return found if found is not None or "." in name.rpartition("/")[2] else site.file(f"{name}.html")


def _names_this_host(request: Request) -> bool:
    host = request.headers.get("host", "")
    name = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    return name.lower() in LOOPBACK


def _page(request: Request, file: SiteFile, status: int) -> Response:
    tag = f'"{hashlib.sha256(file.content).hexdigest()[:32]}"'
    headers = {**HEADERS, "ETag": tag}
    if status == 200 and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Length"] = str(len(file.content))
    content = b"" if request.method == "HEAD" else file.content
    return Response(content=content, status_code=status, media_type=file.media_type, headers=headers)


def _plain(status: int, words: str, more: dict[str, str] | None = None) -> Response:
    return Response(
        content=f"{words}\n", status_code=status, media_type="text/plain", headers={**HEADERS, **(more or {})}
    )
