"""HTTP pages for monitoring: load balancers, monitors and people with a browser."""

import asyncio

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.domain.operations.health import NEEDED_TO_SERVE
from bot.domain.operations.setup_faults import AddressUnavailable
from bot.listening import Listener
from bot.views.operations.health import READY, WELL, ailments
from bot.views.refusals import sentence_of
from handlers.http.health import Watch
from handlers.http.metrics import Metrics

ANSWER_WITHIN_SECONDS = 5.0  # after `stop`


class Pages:
    """The pages `/healthz`, `/readyz` and `/metrics`.

    `/healthz` shows whether every part is healthy, `/readyz` whether the desk would keep a delivery
    from Slack, `/metrics` the metrics for Prometheus.
    """

    def __init__(self, watch: Watch, metrics: Metrics) -> None:
        self._watch = watch
        self._metrics = metrics

    def add_to(self, server: web.Application) -> None:
        """Add the routes of the pages to the application."""
        server.router.add_get("/healthz", self.healthz)
        server.router.add_get("/readyz", self.readyz)
        server.router.add_get("/metrics", self.metrics)

    async def healthz(self, _: web.Request) -> web.Response:
        """Answer with status 200 if every part is healthy, else 503."""
        return _response(ailments(await self._watch.signs()), WELL)

    async def readyz(self, _: web.Request) -> web.Response:
        """Answer with status 200 if the desk can keep deliveries from Slack, else 503."""
        problems = ailments(await self._watch.signs())
        needed = {part: words for part, words in problems.items() if part in NEEDED_TO_SERVE}
        return _response(needed, READY)

    async def metrics(self, _: web.Request) -> web.Response:
        """Answer with the metrics in Prometheus' text format."""
        figures = self._metrics.figures(await self._watch.signs())
        return web.Response(body=figures, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _response(unhealthy: dict[str, str], otherwise: str) -> web.Response:
    """Return a line for each unhealthy part with status 503, or `otherwise` with status 200."""
    if not unhealthy:
        return web.Response(text=f"{otherwise}\n")
    lines = [f"{part}: {words}.\n" for part, words in unhealthy.items()]
    return web.Response(status=503, text="".join(lines))


class HttpServer:
    """The HTTP server of the pages and, over HTTP, of Slack's requests.

    If its address is not available, `run` raises ConfigurationError if Slack's requests need it
    (`needed`). Otherwise it logs a warning, and the desk works without the pages.
    """

    def __init__(self, server: web.Application, host: str, port: int, *, needed: bool) -> None:
        self._server = server
        self._host = host
        self._port = port
        self._needed = needed
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Stop accepting requests."""
        self._stopping.set()

    async def run(self) -> None:
        """Serve until `stop` is called, then answer the requests in progress."""
        listener = Listener(self._server, shutdown_timeout=ANSWER_WITHIN_SECONDS)
        try:
            await self._listen(listener)
            await self._stopping.wait()
        finally:
            await listener.stop()

    async def _listen(self, listener: Listener) -> None:
        host, port = self._host, self._port
        try:
            await listener.start(host, port)
        except OSError as error:
            fault = AddressUnavailable(host, port, error.strerror)
            if self._needed:
                raise fault from None
            structlog.get_logger("pages").warning("no health pages", because=sentence_of(fault))
