"""The server as an ASGI application: what is at which address."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from geoties.server import pages
from geoties.server.api import answer_question, list_questions, openapi
from geoties.server.dereferencing import dereference, find, ontology
from geoties.server.endpoint import described_elsewhere, sparql
from geoties.server.exploring import explore
from geoties.server.guards import Gate
from geoties.server.live import Live
from geoties.server.pool import Limits
from geoties.server.protocol import Refused

STATIC = Path(__file__).parent / "static"
_PAGES = [
    Route("/", pages.home),
    Route("/sparql", sparql, methods=["GET", "POST"]),
    Route("/yasgui", pages.yasgui),
    Route("/explore", explore),
    Route("/api", pages.api),
    Route("/api/queries", list_questions),
    Route("/openapi.json", openapi),
    Route("/find", find),
    Route("/ontology", ontology),
    Route("/.well-known/void", described_elsewhere),
    Route("/dataset", described_elsewhere),
]


async def _without_slash(request: Request) -> Response:
    """`/sparql/` is `/sparql`; only addresses of ours end so, or a client could be led away."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(request.url.path.rstrip("/") + query)


_ROUTES = [
    *_PAGES,
    *(Route(f"{page.path}/", _without_slash, methods=page.methods) for page in _PAGES[1:]),
    Route("/api/queries/{name}", answer_question),
    Route("/dataset/{part}", described_elsewhere),
    Route("/graph/{name}", described_elsewhere),
    Mount("/static", StaticFiles(directory=STATIC)),
    Route("/{kind}/{id:path}", dereference),
]


@dataclass
class Application:
    """What is served, and how. `origins` are the other sites whose pages may ask; `hosts` the
    names by which this server is called besides localhost and addresses in numbers."""

    directory: Path
    limits: Limits = field(default_factory=Limits)
    workers: int = 2
    origins: Sequence[str] = ()
    hosts: Sequence[str] = ()

    @cached_property
    def live(self) -> Live:
        """The graph that is served."""
        return Live(self.directory, self.limits, self.workers)

    def close(self) -> None:
        """End all workers, whatever they do."""
        self.live.close()

    def asgi(self) -> ASGIApp:
        """The application; its workers start when it does, and end with it."""
        live = self.live

        @contextlib.asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            live.now().warm()
            yield
            self.close()

        starlette = Starlette(
            routes=_ROUTES,
            lifespan=lifespan,
            exception_handlers={Refused: pages.refusal, HTTPException: _told, 500: _fault},
        )
        starlette.router.redirect_slashes = False
        starlette.state.live = live
        starlette.state.origins = self.origins
        app: ASGIApp = starlette
        if self.origins:
            app = CORSMiddleware(
                app,
                allow_origins=list(self.origins),
                allow_methods=["GET", "POST"],
                allow_headers=["Content-Type", "Accept"],
            )
        return Gate(app, self.hosts, shared=bool(self.origins))


def _told(request: Request, problem: Exception) -> Response:
    """What the framework refuses itself: addresses and methods that there are not."""
    assert isinstance(problem, HTTPException)
    sentences = {
        404: "There is nothing at this address; the front page tells what there is.",
        405: f"{request.method} is not for this address.",
    }
    told = sentences.get(problem.status_code, problem.detail)
    return pages.refusal(request, Refused(problem.status_code, told, problem.headers))


def _fault(request: Request, problem: Exception) -> Response:
    """Our own mistake: one sentence for the client; the framework logs the rest."""
    return pages.refusal(request, Refused(500, "The server made a mistake; its log says more."))
