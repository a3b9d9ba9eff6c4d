"""A Slack-compatible server with four methods of the Web API and a socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from bot.listening import Listener

BOT_TOKEN, APP_TOKEN = "xoxb-small", "xapp-small"
BOT_USER, BOT, TEAM = "U0BOT", "B0BOT", "T0SMALL"


class SmallServer:
    """The server; `posted` has each message by its channel and `ts`."""

    def __init__(self) -> None:
        self.posted: dict[tuple[str, str], dict[str, Any]] = {}
        self.updates = 0
        self.unknown_methods: list[str] = []
        self.url = ""
        self.connected = asyncio.Event()
        self.drop_next_response = False
        self.addresses_given = 0
        self.refuse_addresses_up_to = 0
        self._socket: web.WebSocketResponse | None = None
        self._acks: dict[str, asyncio.Future[Any]] = {}

    def texts(self, channel: str) -> list[str]:
        """Return the messages in a channel as JSON, with their blocks."""
        return [
            json.dumps(post) for (posted_in, _), post in self.posted.items() if posted_in == channel
        ]

    async def deliver(self, kind: str, payload: dict[str, Any]) -> Any:
        """Send an envelope and wait for its ack."""
        assert self._socket is not None
        envelope_id = str(uuid4())
        self._acks[envelope_id] = asyncio.get_running_loop().create_future()
        await self._socket.send_json(
            {
                "envelope_id": envelope_id,
                "type": kind,
                "payload": payload,
                "accepts_response_payload": kind != "events_api",
            }
        )
        async with asyncio.timeout(5):
            return await self._acks[envelope_id]

    async def write(self, user: str, channel: str, ts: str, text: str) -> None:
        """Deliver a person's message."""
        event = {"type": "message", "channel": channel, "user": user, "ts": ts, "text": text}
        await self.deliver(
            "events_api",
            {
                "type": "event_callback",
                "event_id": f"Ev{ts}",
                "team_id": TEAM,
                "api_app_id": "A0SMALL",
                "event": event,
            },
        )

    async def press(self, user: str, channel: str, ts: str, action: dict[str, Any]) -> None:
        """Deliver a person's click on a button of a message."""
        await self.deliver(
            "interactive",
            {
                "type": "block_actions",
                "team": {"id": TEAM},
                "user": {"id": user, "team_id": TEAM},
                "channel": {"id": channel},
                "container": {"type": "message", "channel_id": channel, "message_ts": ts},
                "trigger_id": "1.2.3",
                "actions": [action],
            },
        )

    async def hang_up(self) -> None:
        """Close the socket."""
        assert self._socket is not None
        self.connected.clear()
        await self._socket.close()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a call of the Web API."""
        arguments: dict[str, Any]
        if request.content_type == "application/json":
            arguments = await request.json()
        else:
            arguments = dict(await request.post())
        match request.match_info["method"]:
            case "auth.test":
                return _ok(
                    user_id=BOT_USER, bot_id=BOT, team_id=TEAM, user="deskbell", team="Small"
                )
            case "apps.connections.open":
                self.addresses_given += 1
                address = self.url.replace("http", "ws")
                return _ok(url=f"{address}link?number={self.addresses_given}")
            case "chat.postMessage":
                return self._post(request, arguments)
            case "chat.update":
                self.posted[arguments["channel"], arguments["ts"]] = arguments
                self.updates += 1
                return _ok()
        self.unknown_methods.append(request.match_info["method"])
        return web.json_response({"ok": False, "error": "unknown_method"})

    def _post(self, request: web.Request, arguments: dict[str, Any]) -> web.StreamResponse:
        ts = f"1800000000.{len(self.posted):06d}"
        self.posted[arguments["channel"], ts] = arguments
        if self.drop_next_response and request.transport is not None:
            self.drop_next_response = False
            request.transport.abort()
        return _ok(ts=ts)

    async def link(self, request: web.Request) -> web.StreamResponse:
        """Open the socket, unless its address is refused."""
        if int(request.query["number"]) <= self.refuse_addresses_up_to:
            return web.Response(status=403)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._socket = socket
        self.connected.set()
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                response = json.loads(frame.data)
                self._acks[response["envelope_id"]].set_result(response.get("payload"))
        return socket


def _ok(**more: Any) -> web.Response:
    return web.json_response({"ok": True} | more)


@asynccontextmanager
async def small_server() -> AsyncIterator[SmallServer]:
    """Run the server on 127.0.0.1; its `url` is the value of SLACK_API_URL."""
    server = SmallServer()
    routes = web.Application()
    routes.router.add_route("*", "/slack/{method}", server.handle)
    routes.router.add_get("/slack/link", server.link)
    listener = Listener(routes, access_log=None, shutdown_timeout=0.5)
    server.url = f"http://127.0.0.1:{await listener.start('127.0.0.1')}/slack/"
    try:
        yield server
    finally:
        await listener.stop()
