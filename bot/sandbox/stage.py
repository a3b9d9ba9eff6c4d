"""The parts of the sandbox, put together: what everybody in it stands on."""

from collections.abc import Sequence

from bot.sandbox.deliveries import Deliveries
from bot.sandbox.faults import Faults
from bot.sandbox.file_doors import FileDoors
from bot.sandbox.http_events import HttpEvents
from bot.sandbox.limits import Limits
from bot.sandbox.records import Json
from bot.sandbox.response_url import ResponseUrlDoor
from bot.sandbox.rights import Rights
from bot.sandbox.slack import Slack, Watcher
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.web_api import Tokens, WebApi
from bot.sandbox.workspace import Workspace
from bot.time_source import SystemTimeSource, TimeSource


class Stage:
    """Builds the parts; serves nothing yet."""

    def __init__(
        self,
        clock: TimeSource,
        *,
        port: int = 0,
        rate_limits: bool | Limits = True,
        ack_seconds: float = 3.0,
        retry_seconds: Sequence[float] = (0.0, 60.0, 300.0),
        team_name: str = "Home",
        bot_name: str = "deskbell",
        request_url: str | None = None,
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107 (nobody else's)
        delayed_seconds: Sequence[float] | None = None,
        manifest: Json | None = None,
    ) -> None:
        self.faults = Faults(clock)
        self._port = port
        self._workspace = Workspace(team_name, bot_name)
        self._sockets = SocketMode(
            self._workspace.app_id,
            ack_seconds=ack_seconds,
            retry_seconds=retry_seconds,
            delayed_seconds=delayed_seconds,
        )
        self.signing_secret = signing_secret
        self._http = (
            None
            if request_url is None
            else HttpEvents(
                request_url,
                signing_secret,
                SystemTimeSource(),
                ack_seconds=ack_seconds,
                retry_seconds=retry_seconds,
                delayed_seconds=delayed_seconds or (),
            )
        )
        self.deliveries = Deliveries(self._http or self._sockets)
        rights = Rights.of(manifest)
        limits = Limits() if rate_limits is True else rate_limits or None
        self._slack = Slack(
            clock,
            self._workspace,
            self.deliveries,
            rights,
            origin=lambda: self.origin,
            limits=limits,
        )
        number = self._workspace.team.team_id
        self._tokens = Tokens(bot=f"xoxb-{number}-sandbox", app=f"xapp-1-{number}-sandbox")
        self._web_api = WebApi(
            self._slack, self._tokens, self.faults, limits, self._open_connection
        )
        self._response_door = ResponseUrlDoor(self._slack, self.faults)
        self._file_doors = FileDoors(self._slack, self.faults, self._tokens.bot)

    @property
    def origin(self) -> str:
        """Scheme, host and port; the port is known once the sandbox has started."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """What `AsyncWebClient(base_url=…)` takes."""
        return f"{self.origin}/api/"

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
        """How long a trigger id opens a modal, in real seconds; can be set."""
        return self._slack.triggers.seconds

    @trigger_seconds.setter
    def trigger_seconds(self, seconds: float) -> None:
        self._slack.triggers.seconds = seconds

    def watch(self, watcher: Watcher) -> None:
        """Call `watcher(message or view, kind)` for whatever is shown, changed or taken away."""
        self._slack.watch(watcher)

    def _open_connection(self) -> Json:
        ticket = self._sockets.connections.new_ticket()
        url = f"ws://127.0.0.1:{self._port}/link/?ticket={ticket}&app_id={self._workspace.app_id}"
        return {"url": url}
