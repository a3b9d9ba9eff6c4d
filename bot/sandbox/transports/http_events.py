"""Events, commands and interactions by HTTP. Each request is signed; events are repeated."""

import asyncio
import hashlib
import hmac
import json
from collections import deque
from dataclasses import dataclass, field
from secrets import token_urlsafe
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.clock import Clock
from bot.sandbox.errors import ImpossibleError
from bot.sandbox.json_types import Json
from bot.sandbox.transports.envelopes import Ack, Envelope
from bot.sandbox.transports.retries import RetrySchedule

MOST_REDIRECTS = 2
"""Slack reports more redirects as `too_many_redirects`."""


@dataclass(frozen=True)
class _Answer:
    """The app's response. `reason` is Slack's name for a failure, or "" for success."""

    reason: str = ""
    text: str = ""
    no_retry: bool = False


class HttpEvents:
    """Posts events, commands and interactions to the app's request URL.

    Slack expects HTTP 2xx within three seconds. Otherwise it repeats the event "nearly
    immediately", after one minute and after five minutes, with the headers `x-slack-retry-num` and
    `x-slack-retry-reason`. The header "x-slack-no-retry: 1" in the response ends the repeats. With
    Delayed Events Slack then repeats the event hourly for 24 hours.

    `signing_clock` is the clock of the machine, because the app compares the time of the signature
    with its own and accepts a difference of five minutes. All seconds are real.
    """

    def __init__(
        self,
        request_url: str,
        signing_secret: str,
        signing_clock: Clock,
        schedule: RetrySchedule,
    ) -> None:
        self.request_url = request_url
        self.given_up: list[Json] = []
        self._secret = signing_secret.encode()
        self._clock = signing_clock
        self._ack_seconds = schedule.ack_seconds
        self._waits = (*schedule.retry_seconds, *(schedule.delayed_seconds or ()))
        self._session: aiohttp.ClientSession | None = None
        self._under_way: dict[asyncio.Task[None], Envelope] = {}
        self._waiting: deque[Envelope] = deque()
        self._last: Envelope | None = None

    @property
    def undelivered(self) -> int:
        """The number of events that are neither accepted nor given up."""
        return len(self._under_way) + len(self._waiting)

    async def start(self) -> None:
        """Start sending, with the events that have waited first."""
        timeout = aiohttp.ClientTimeout(total=self._ack_seconds)
        self._session = aiohttp.ClientSession(timeout=timeout)
        waiting, self._waiting = self._waiting, deque()
        for envelope in waiting:
            self._begin(envelope)

    async def stop(self) -> None:
        """Stop sending. Events that the app has not accepted wait for the next start."""
        if self._session is None:
            return
        session, self._session = self._session, None
        interrupted = dict(self._under_way)
        self._waiting.extend(interrupted.values())
        for task in interrupted:
            task.cancel()
        await asyncio.gather(*interrupted, return_exceptions=True)
        await session.close()

    def deliver_event(self, payload: Json) -> None:
        self._last = Envelope("events_api", payload)
        self._begin(self._last)

    def redeliver_last(self) -> None:
        """Send the last event again after it was accepted: Slack delivers at least once."""
        if self._last is None:
            raise LookupError("no event has been sent yet")
        self._begin(Envelope("events_api", self._last.payload, attempt=1, reason="http_timeout"))

    async def ask(self, kind: str, payload: Json) -> Ack:
        """Send a command or an interaction as a form, a single time, and return the answer."""
        form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        request = _Request(urlencode(form).encode(), "application/x-www-form-urlencoded")
        answer = await self._post(request)
        if answer.reason:
            return Ack(error=_SHOWN.get(answer.reason, "dispatch_failed"))
        return Ack(_content(answer.text))

    async def verify_url(self) -> bool:
        """Return whether the app returns the challenge that Slack sends to a new request URL."""
        challenge = token_urlsafe(32)
        body = {"token": "sandbox", "challenge": challenge, "type": "url_verification"}
        answer = await self._post(_Request(json.dumps(body).encode()))
        return not answer.reason and challenge in answer.text

    def _begin(self, envelope: Envelope) -> None:
        if self._session is None:
            self._waiting.append(envelope)
            return
        task = asyncio.create_task(self._deliver(envelope))
        self._under_way[task] = envelope
        task.add_done_callback(self._under_way.pop)

    async def _deliver(self, envelope: Envelope) -> None:
        while (answer := await self._post(_event_request(envelope))).reason:
            if answer.no_retry or envelope.attempt >= len(self._waits):
                self.given_up.append(envelope.payload)
                return
            await asyncio.sleep(self._waits[envelope.attempt])
            envelope.attempt, envelope.reason = envelope.attempt + 1, answer.reason

    async def _post(self, request: "_Request") -> _Answer:
        if self._session is None:
            raise ImpossibleError("nothing is sent before the sandbox has started: start it first")
        try:
            async with self._session.post(
                self.request_url,
                data=request.body,
                headers=request.headers | self._signature(request.body),
                max_redirects=MOST_REDIRECTS,
            ) as answer:
                text = await answer.text()
                no_retry = answer.headers.get("x-slack-no-retry") == "1"
                return _Answer("" if answer.ok else "http_error", text, no_retry)
        except TimeoutError:
            return _Answer("http_timeout")
        except aiohttp.TooManyRedirects:
            return _Answer("too_many_redirects")
        except aiohttp.ClientError:
            return _Answer("connection_failed")

    def _signature(self, body: bytes) -> dict[str, str]:
        """Return the headers of the signature.

        Slack, "Verifying requests from Slack": the version "v0", the time and the body, joined by
        colons, are hashed with the signing secret.
        """
        sent_at = str(int(self._clock.now().timestamp()))
        base = b":".join((b"v0", sent_at.encode(), body))
        digest = hmac.new(self._secret, base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": sent_at, "X-Slack-Signature": f"v0={digest}"}


_SHOWN = {"http_timeout": "operation_timeout"}


@dataclass(frozen=True)
class _Request:
    body: bytes
    content_type: str = "application/json"
    repeat: dict[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Content-Type": self.content_type, **self.repeat}


def _event_request(envelope: Envelope) -> _Request:
    repeat = {}
    if envelope.attempt:
        repeat["x-slack-retry-num"] = str(envelope.attempt)
        repeat["x-slack-retry-reason"] = envelope.reason
    return _Request(json.dumps(envelope.payload).encode(), repeat=repeat)


def _content(text: str) -> Json:
    """Return the app's answer, which may be empty, JSON, or plain text after a command."""
    try:
        content = json.loads(text) if text.strip() else {}
    except ValueError:
        return {"text": text}
    return content if isinstance(content, dict) else {"text": text}
