"""The HTTP server of the sandbox, which routes requests to the parts that handle them."""

from aiohttp import web

from bot.sandbox.address import Address
from bot.sandbox.transports.connections import Connections
from bot.sandbox.transports.listener import Listener
from bot.sandbox.web_api.calls import WebApi
from bot.sandbox.web_api.file_transfer import LARGEST_FILE, FileTransfer
from bot.sandbox.web_api.response_url import ResponseUrlEndpoint

SHUTDOWN_SECONDS = 1.0


class HttpServer:
    """Listens on 127.0.0.1. It keeps its port over a stop and a start."""

    def __init__(
        self,
        address: Address,
        web_api: WebApi,
        connections: Connections,
        response_urls: ResponseUrlEndpoint,
        files: FileTransfer,
    ) -> None:
        self._address = address
        self._web_api = web_api
        self._connections = connections
        self._response_urls = response_urls
        self._files = files
        self._listener: Listener | None = None

    @property
    def is_running(self) -> bool:
        return self._listener is not None

    async def start(self) -> None:
        """Start listening, on a free port the first time unless the address has a port."""
        listener = Listener(self._routes(), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        self._address.port = await listener.start("127.0.0.1", self._address.port)
        self._listener = listener

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._listener is not None:
            listener, self._listener = self._listener, None
            await listener.stop()

    def _routes(self) -> web.Application:
        application = web.Application(client_max_size=LARGEST_FILE)
        router = application.router
        router.add_route("*", "/api/{method}", self._web_api.handle)
        router.add_get("/link/", self._connections.connect)
        for kind in ("actions", "commands"):
            router.add_post(f"/{kind}/{{team}}/{{secret}}", self._response_urls.handle)
        router.add_post("/upload/v1/{secret}", self._files.upload)
        router.add_get("/files/{file_id}/{name}", self._files.download)
        return application
