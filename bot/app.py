"""The composition root: the only module that builds and starts all parts of the bot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.pager.pager import Paging, pager_of
from bot.delivery.slack.canary import Canary
from bot.delivery.slack.classify_error import CALL_ERRORS, TOKEN_REFUSED, error_code
from bot.delivery.slack.client import outbox_client, web_client, web_session
from bot.delivery.slack.histories import Histories
from bot.delivery.slack.homes import Publisher
from bot.delivery.slack.messenger import LEASE, LOOK_AGAIN_AFTER, PACE_SECONDS, Messenger
from bot.delivery.slack.socket import Socket
from bot.delivery.slack.staff_group import StaffGroup
from bot.domain.ids import UserId
from bot.domain.operations.health import SlackProblem
from bot.domain.operations.setup_faults import BotTokenInvalid
from bot.domain.operations.staff import Role, StaffMember
from bot.errors import ConfigurationError
from bot.runtime import Runtime
from bot.settings import RunSettings
from bot.time_source import SystemTimeSource, TimeSource
from bot.usecases.agreements.billing_periods import arm_missing_billing_timers
from bot.usecases.operations.channels import try_closed_channels
from bot.usecases.operations.setup import check_places
from bot.usecases.reports.digest import arm_digest
from bot.workers import Worker, work
from handlers.http.health import Watch
from handlers.http.heartbeat import Heartbeat
from handlers.http.metrics import Metrics, acknowledged
from handlers.http.server import HttpServer, Pages
from handlers.slack.door import Door
from handlers.slack.inbox_worker import InboxWorker
from handlers.slack.inbox_writer import InboxWriter
from handlers.slack.routes import register
from scheduler.auditor import Auditor
from scheduler.backfiller import Backfiller
from scheduler.ticker import Ticker

SETTLE_POLL_SECONDS = 0.005


class Deskbell:
    """The running bot."""

    def __init__(
        self,
        settings: RunSettings,
        office: Runtime,
        client: AsyncWebClient,
        for_outbox: AsyncWebClient,
        *,
        lease: timedelta,
        pace_seconds: float,
        look_again_after: timedelta,
    ) -> None:
        self.runtime = office
        self._settings = settings
        self._client = client
        self._log = structlog.get_logger("deskbell")
        self._inbox = InboxWorker(office.write, office.read)
        self._canary = Canary(office.write, is_alone=office.store.is_owned)
        self._messenger = Messenger(
            for_outbox,
            office.write,
            office.read,
            office.clock,
            lease=lease,
            pace_seconds=pace_seconds,
            look_again_after=look_again_after,
            on_said=self._canary.said,
        )
        self._publisher = Publisher(for_outbox, office.read)
        group = settings.deskbell_staff_group
        self.staff_group = StaffGroup(client, office.write, group) if group else None
        self._backfiller = Backfiller(
            Histories(client).read, office.write, office.read, self._inbox.wake
        )
        has_caught_up = self._backfiller.has_caught_up
        self._ticker = Ticker(office.write, office.read, office.clock, has_caught_up)
        self._auditor = Auditor(office.write, office.read)
        urls = settings.deskbell_pager_urls
        self._paging = Paging(pager_of(urls), office.write, office.read) if urls else None
        office.on_said = self._wake_senders
        office.on_armed = self._ticker.expect
        self._settling = (self._inbox, self._ticker, self._backfiller, self._messenger)
        self._registry = CollectorRegistry()
        keeper = InboxWriter(
            office.write, self._inbox.wake, self._canary.heard, acknowledged(self._registry)
        )
        self._bolt = AsyncApp(
            name="deskbell",  # without a name Bolt looks for its caller through all modules
            client=client,
            signing_secret=settings.slack_signing_secret or None,
            request_verification_enabled=bool(settings.slack_signing_secret),
            before_authorize=keeper.keep,
        )
        self._door = Door(office.write, office.read, client)
        register(self._bolt, self._door)
        app_token = settings.slack_app_token
        self._socket = (
            Socket(self._bolt, app_token, self._canary, self.catch_up) if app_token else None
        )
        self._watch = Watch(
            office.write,
            office.read,
            office.database,
            self._auditor,
            slack=self._slack_problem,
            deliveries=lambda: self._canary.problem,
        )

    async def serve(self) -> None:
        """Prepare and run all workers until cancelled, then finish the work in progress.

        `bot.workers` describes the order. Raises ConfigurationError for a wrong setting.
        """
        await self._take_over()
        await self._check_token()
        if self._socket is None:
            self.catch_up()  # over HTTP there is no connection event that starts it
        fault: BaseException | None = None
        try:
            await work(self._workers(), self._door.under_way.over)
        except* ConfigurationError as faults:
            fault = faults.exceptions[0]
        if fault is not None:
            raise fault

    def _workers(self) -> list[Worker]:
        """Return the workers. Those that receive from Slack come first, so that they stop first."""
        workers: list[Worker] = [self._http_server()]
        if self._socket is not None:
            workers.append(self._socket)
        workers += [self._inbox, self._ticker, self._backfiller, self._auditor, self._canary]
        workers += [self._publisher, self._messenger]
        if self._paging is not None:
            workers.append(self._paging)
        if self.staff_group is not None:
            workers.append(self.staff_group)
        if self._settings.deskbell_heartbeat_url:
            workers.append(Heartbeat(self._watch, self._settings.deskbell_heartbeat_url))
        return workers

    def _wake_senders(self) -> None:
        self._messenger.wake()
        if self._paging is not None:
            self._paging.wake()

    def catch_up(self) -> None:
        """Search Slack's history now for messages that were not delivered."""
        self._backfiller.wake()

    async def settle(self) -> None:
        """Wait until all deliveries are processed, due timers have fired and messages are sent.

        Only for tests and demos with a `ManualTimeSource`: the system clock always brings more to
        do.
        """
        while not await self._is_settled():  # noqa: ASYNC110 (no worker knows that it is the last)
            await asyncio.sleep(SETTLE_POLL_SECONDS)

    async def _is_settled(self) -> bool:
        if not all(worker.is_at_rest for worker in self._settling):
            return False
        async with self.runtime.read() as desk:
            due_at = await desk.work.timers.next_due()
            if due_at is not None and due_at <= desk.now:
                self._ticker.wake()
                return False
            if await desk.work.inbox.waiting(1):
                return False
            return not await desk.work.outbox.backlog()

    async def _take_over(self) -> None:
        async with self.runtime.write() as desk:
            await check_places(desk)
            if self.runtime.store.is_owned:
                await desk.work.outbox.release_leases()
            await try_closed_channels(desk)
            for user_id in self._settings.deskbell_admins:
                if await desk.work.staff.get(UserId(user_id)) is None:
                    await desk.work.staff.put(StaffMember(UserId(user_id), Role.MANAGER, ""))
            await arm_digest(desk)
            await arm_missing_billing_timers(desk)

    async def _check_token(self) -> None:
        """Check the bot token. Raises ConfigurationError if Slack refuses it.

        If Slack cannot be reached, only logs a warning: due timers must not wait for Slack.
        """
        try:
            await self._client.auth_test()
        except CALL_ERRORS as error:
            if error_code(error) in TOKEN_REFUSED:
                raise BotTokenInvalid(error_code(error)) from None
            self._log.warning("Slack cannot be reached yet", error=repr(error))

    def _slack_problem(self) -> SlackProblem | None:
        """Return the problem with Slack. Over HTTP there is no connection to lose."""
        connection = None if self._socket is None else self._socket.problem
        return self._messenger.problem or connection

    def _http_server(self) -> HttpServer:
        """Return the HTTP server of the health pages and, over HTTP, of Slack's requests."""
        by_http = self._socket is None
        server = self._bolt.web_app("/slack/events") if by_http else web.Application()
        Pages(self._watch, Metrics(self._watch, self._registry)).add_to(server)
        return HttpServer(server, self._settings.host, self._settings.port, needed=by_http)


@asynccontextmanager
async def deskbell(
    settings: RunSettings,
    clock: TimeSource | None = None,
    *,
    lease: timedelta = LEASE,
    pace_seconds: float = PACE_SECONDS,
    look_again_after: timedelta = LOOK_AGAIN_AFTER,
) -> AsyncIterator[Deskbell]:
    """Build the bot as the owner of the store. Nothing runs until `Deskbell.serve`."""
    office = Runtime(settings, clock or SystemTimeSource())
    try:
        office.store.own()
        await office.prepare()
        async with web_session() as session:
            slack = settings.slack_bot_token, settings.slack_api_url, session
            yield Deskbell(
                settings,
                office,
                web_client(*slack),
                outbox_client(*slack, office.clock),
                lease=lease,
                pace_seconds=pace_seconds,
                look_again_after=look_again_after,
            )
    finally:
        await office.close()
