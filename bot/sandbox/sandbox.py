"""The sandbox: a stand-in for Slack's server, with the people who use it."""

import asyncio
from collections.abc import Coroutine, Sequence
from types import TracebackType
from typing import Any, Self

from bot.sandbox.address import Address
from bot.sandbox.clock import Clock, SystemClock
from bot.sandbox.errors import ImpossibleError
from bot.sandbox.faults.call_faults import Faults
from bot.sandbox.gestures.administration import AccountAdministration, ChannelAdministration
from bot.sandbox.gestures.app_requests import AppRequests
from bot.sandbox.gestures.commands import Commands
from bot.sandbox.gestures.dialogs import Dialogs
from bot.sandbox.gestures.inspection import Inspection
from bot.sandbox.gestures.messages import Messages
from bot.sandbox.gestures.other_changes import OtherApps, SlackChanges
from bot.sandbox.gestures.setup import Setup
from bot.sandbox.json_types import Json
from bot.sandbox.rate_limits import Limits
from bot.sandbox.server import HttpServer
from bot.sandbox.slack import Slack
from bot.sandbox.transports.deliveries import Deliveries
from bot.sandbox.transports.http_events import HttpEvents
from bot.sandbox.transports.retries import ACK_SECONDS, RETRY_SECONDS, RetrySchedule
from bot.sandbox.transports.socket_mode import SocketMode
from bot.sandbox.web_api.calls import Tokens, WebApi
from bot.sandbox.web_api.file_transfer import FileTransfer
from bot.sandbox.web_api.response_url import ResponseUrlEndpoint
from bot.sandbox.workspace.rights import Rights
from bot.sandbox.workspace.state import Workspace


class Sandbox:
    """A stand-in for Slack's server, and the methods with which people use it.

    `clock` stamps every message. A `port` of 0 picks a free port, which stays the same over a stop
    and a start. A stop and a start simulate an outage: the workspace stays, and events wait.
    `rate_limits` are Slack's limits (True), other limits, or no limits (False). `ack_seconds` and
    `retry_seconds` are real time.

    With a `request_url` the sandbox sends events, commands and interactions there by HTTP, signed
    with `signing_secret`. Without it they travel over Socket Mode. `delayed_seconds` are the waits
    of Delayed Events on both transports (Slack's are `DELAYED_EVENTS`). Without them HTTP gives an
    event up after the third repeat, and Socket Mode, less strict than Slack, keeps it for the next
    connection.

    With a `manifest` the app has the scopes, event subscriptions, commands and shortcuts of the
    manifest. Without it the app has all rights.

    The parts share the workspace and Slack's server and do not know the sandbox. Their methods are
    attributes of the sandbox: `sandbox.post` is `Messages.post`.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        port: int = 0,
        rate_limits: bool | Limits = True,
        ack_seconds: float = ACK_SECONDS,
        retry_seconds: Sequence[float] = RETRY_SECONDS,
        team_name: str = "Home",
        bot_name: str = "deskbell",
        request_url: str | None = None,
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107 (signs loopback requests)
        delayed_seconds: Sequence[float] | None = None,
        manifest: Json | None = None,
    ) -> None:
        self.signing_secret = signing_secret
        self._address = Address(port)
        self._workspace = Workspace(team_name, bot_name)
        schedule = RetrySchedule(ack_seconds, retry_seconds, delayed_seconds)
        self._sockets = SocketMode(self._workspace.app_id, schedule)
        self._http: HttpEvents | None = None
        if request_url is not None:
            self._http = HttpEvents(request_url, signing_secret, SystemClock(), schedule)
        limits = Limits() if rate_limits is True else rate_limits or None
        self._build_slack(clock, limits, Rights.of(manifest))
        self._build_server()
        self._expose_parts()

    def _build_slack(self, clock: Clock, limits: Limits | None, rights: Rights) -> None:
        self.faults = Faults(clock)
        self.deliveries = Deliveries(self._http or self._sockets)
        self._slack = Slack(
            clock, self._workspace, self.deliveries, rights, address=self._address, limits=limits
        )
        number = self._workspace.team.team_id
        self._tokens = Tokens(bot=f"xoxb-{number}-sandbox", app=f"xapp-1-{number}-sandbox")
        self._web_api = WebApi(
            self._slack, self._tokens, self.faults, limits, self._open_connection
        )

    def _build_server(self) -> None:
        self._server = HttpServer(
            self._address,
            self._web_api,
            self._sockets.connections,
            ResponseUrlEndpoint(self._slack, self.faults),
            FileTransfer(self._slack, self.faults, self._tokens.bot),
        )

    def _open_connection(self) -> Json:
        ticket = self._sockets.connections.new_ticket()
        return {"url": self._address.socket_url(ticket, self._workspace.app_id)}

    def _expose_parts(self) -> None:
        self._expose_messages()
        self._expose_requests()
        self._expose_administration()
        self._expose_inspection()
        self._expose_socket_controls()

    def _expose_messages(self) -> None:
        messages = Messages(self._slack, self._address)
        self.post = messages.post
        self.edit = messages.edit
        self.delete = messages.delete
        self.react = messages.react
        self.unreact = messages.unreact
        changes = SlackChanges(self._slack)
        self.unfurl = changes.unfurl
        self.detect_language = changes.detect_language
        self.count_replies = changes.count_replies
        self.tell_of_reply = changes.tell_of_reply
        apps = OtherApps(self._slack)
        self.add_app = apps.add_app
        self.post_as_app = apps.post_as_app

    def _expose_requests(self) -> None:
        requests = AppRequests(self._slack, self._address)
        commands = Commands(self._slack, requests)
        self.command = commands.command
        self.shortcut = commands.shortcut
        self.global_shortcut = commands.global_shortcut
        dialogs = Dialogs(self._slack, requests)
        self.press = dialogs.press
        self.press_in_view = dialogs.press_in_view
        self.submit = dialogs.submit
        self.close_view = dialogs.close_view
        self.open_home = dialogs.open_home

    def _expose_administration(self) -> None:
        setup = Setup(self._slack)
        self.add_team = setup.add_team
        self.install_at = setup.install_at
        self.add_user = setup.add_user
        self.put_user_group = setup.put_user_group
        self.add_channel = setup.add_channel
        self.direct_channel = setup.direct_channel
        self.tell = setup.tell
        channels = ChannelAdministration(self._slack)
        self.join = channels.join
        self.leave = channels.leave
        self.archive = channels.archive
        self.unarchive = channels.unarchive
        self.rename = channels.rename
        self.delete_channel = channels.delete_channel
        self.share = channels.share
        self.unshare = channels.unshare
        self.change_id = channels.change_id
        accounts = AccountAdministration(self._slack, self._web_api, self._sockets.connections)
        self.rename_user = accounts.rename_user
        self.deactivate = accounts.deactivate
        self.revoke_tokens = accounts.revoke_tokens
        self.uninstall = accounts.uninstall

    def _expose_inspection(self) -> None:
        inspection = Inspection(self._slack, self._web_api)
        self.messages = inspection.messages
        self.message = inspection.message
        self.all_messages = inspection.all_messages
        self.direct_messages = inspection.direct_messages
        self.ephemerals = inspection.ephemerals
        self.views_open = inspection.views_open
        self.home = inspection.home
        self.calls = inspection.calls
        self.watch = self._slack.watch

    def _expose_socket_controls(self) -> None:
        connections = self._sockets.connections
        self.drop_sockets = connections.drop
        self.disconnect_sockets = connections.disconnect
        self.silence_sockets = connections.silence
        self.strike_sockets_dumb = connections.strike_dumb
        self.refuse_handshakes = connections.refuse_handshakes
        self.redeliver_last = self.deliveries.redeliver_last

    async def start(self) -> None:
        """Start listening on 127.0.0.1 and sending events."""
        await self._server.start()
        if self._http is not None:
            await self._http.start()

    async def stop(self) -> None:
        """Break the calls that hang, close every connection and stop listening.

        A second stop has no effect.
        """
        if not self._server.is_running:
            return
        self.faults.release()
        if self._http is not None:
            await self._http.stop()
        await self._sockets.stop()
        await self._server.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def origin(self) -> str:
        """The scheme, host and port, of which the port is known after the start."""
        return self._address.origin

    @property
    def api_url(self) -> str:
        """The base URL of the Web API, as `AsyncWebClient(base_url=...)` takes it."""
        return self._address.api_url

    @property
    def bot_token(self) -> str:
        return self._tokens.bot

    @property
    def app_token(self) -> str:
        return self._tokens.app

    @property
    def bot_user_id(self) -> str:
        return self._workspace.bot.user_id

    @property
    def bot_id(self) -> str:
        return self._workspace.bot_id

    @property
    def team_id(self) -> str:
        return self._workspace.team.team_id

    @property
    def trigger_seconds(self) -> float:
        """The real seconds for which a trigger ID opens a modal. Tests can set it."""
        return self._slack.triggers.seconds

    @trigger_seconds.setter
    def trigger_seconds(self, seconds: float) -> None:
        self._slack.triggers.seconds = seconds

    @property
    def connected(self) -> asyncio.Event:
        """An event that is set while the app has a socket open."""
        return self._sockets.connections.some_open

    def wait_connected(self, timeout: float = 10.0) -> Coroutine[Any, Any, bool]:
        """Wait until the app has a socket open. Raises TimeoutError after `timeout` seconds."""
        return asyncio.wait_for(self.connected.wait(), timeout)

    @property
    def open_sockets(self) -> int:
        """The number of sockets that the app has open."""
        return self._sockets.connections.open_now

    @property
    def undelivered(self) -> int:
        """The number of events that the app has not acknowledged yet."""
        return self.deliveries.undelivered

    @property
    def given_up(self) -> list[Json]:
        """The events that the app did not accept before the last repeat."""
        return list((self._http or self._sockets).given_up)

    async def verify_url(self) -> bool:
        """Return whether the app answers the challenge that Slack sends to a new request URL."""
        if self._http is None:
            raise ImpossibleError("there is no request URL to verify: give one to the sandbox")
        return await self._http.verify_url()
