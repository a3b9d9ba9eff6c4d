"""Events, commands and interactions by HTTP: signed, and events repeated until they are taken."""

import asyncio
import hashlib
import hmac
import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from secrets import token_urlsafe
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.answers import ImpossibleError
from bot.sandbox.envelopes import Ack, Envelope
from bot.sandbox.records import Json
from bot.time_source import TimeSource

MOST_REDIRECTS = 2


@dataclass(frozen=True)
class _Answer:
    """What came back; `reason` is Slack's word for why it does not count, if it does not."""

    reason: str = ""
    text: str = ""
    wants_no_repeat: bool = False


class HttpEvents:
    """Posts to the app's request URL.

    Slack: answer with HTTP 2xx within three seconds, or the event is repeated "nearly
    immediately", after a minute and after five, with `x-slack-retry-num` and
    `x-slack-retry-reason`; "x-slack-no-retry: 1" in the answer ends that. With Delayed Events it
    goes on hourly for 24 hours. `signing_clock` is the real one, since the receiver compares the
    signature's time, which may be five minutes old, with its own. All seconds are real.
    """

    def __init__(
        self,
        request_url: str,
        signing_secret: str,
        signing_clock: TimeSource,
        *,
        ack_seconds: float,
        retry_seconds: Sequence[float],
        delayed_seconds: Sequence[float] = (),
    ) -> None:
        self.request_url = request_url
        self.given_up: list[Json] = []
        self._secret = signing_secret.encode()
        self._clock = signing_clock
        self._ack_seconds = ack_seconds
        self._waits = (*retry_seconds, *delayed_seconds)
        self._session: aiohttp.ClientSession | None = None
        self._under_way: dict[asyncio.Task[None], Envelope] = {}
        self._waiting: deque[Envelope] = deque()
        self._last: Envelope | None = None

    @property
    def undelivered(self) -> int:
        """Events that the app has not taken yet, and that have not been given up."""
        return len(self._under_way) + len(self._waiting)

    async def start(self) -> None:
        """Begin to send; what happened before is sent first."""
        timeout = aiohttp.ClientTimeout(total=self._ack_seconds)
        self._session = aiohttp.ClientSession(timeout=timeout)
        waiting, self._waiting = self._waiting, deque()
        for envelope in waiting:
            self._begin(envelope)

    async def stop(self) -> None:
        """Break off; what has not been taken waits for the next start."""
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
        """Send the last event again, though it was taken: Slack delivers at least once."""
        if self._last is None:
            raise LookupError("no event has been sent yet")
        self._begin(Envelope("events_api", self._last.payload, attempt=1, reason="http_timeout"))

    async def ask(self, kind: str, payload: Json) -> Ack:
        """Put a command or an interaction to the app, once: both come as forms."""
        form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        sent = _Letter(urlencode(form).encode(), "application/x-www-form-urlencoded")
        answer = await self._post(sent)
        if answer.reason:
            return Ack(error=_SHOWN.get(answer.reason, "dispatch_failed"))
        return Ack(_content(answer.text))

    async def verify_url(self) -> bool:
        """Whether the app says the challenge back, as Slack asks before it takes a request URL."""
        challenge = token_urlsafe(32)
        body = {"token": "sandbox", "challenge": challenge, "type": "url_verification"}
        answer = await self._post(_Letter(json.dumps(body).encode()))
        return not answer.reason and challenge in answer.text

    def _begin(self, envelope: Envelope) -> None:
        if self._session is None:
            self._waiting.append(envelope)
            return
        task = asyncio.create_task(self._see_through(envelope))
        self._under_way[task] = envelope
        task.add_done_callback(self._under_way.pop)

    async def _see_through(self, envelope: Envelope) -> None:
        while (answer := await self._post(_letter(envelope))).reason:
            if answer.wants_no_repeat or envelope.attempt >= len(self._waits):
                self.given_up.append(envelope.payload)
                return
            await asyncio.sleep(self._waits[envelope.attempt])
            envelope.attempt, envelope.reason = envelope.attempt + 1, answer.reason

    async def _post(self, letter: "_Letter") -> _Answer:
        if self._session is None:
            raise ImpossibleError("nothing is sent before the sandbox has started: start it first")
        try:
            async with self._session.post(
                self.request_url,
                data=letter.body,
                headers=letter.headers | self._signature(letter.body),
                max_redirects=MOST_REDIRECTS,
            ) as answer:
                text = await answer.text()
                stop = answer.headers.get("x-slack-no-retry") == "1"
                return _Answer("" if answer.ok else "http_error", text, stop)
        except TimeoutError:
            return _Answer("http_timeout")
        except aiohttp.TooManyRedirects:
            return _Answer("too_many_redirects")
        except aiohttp.ClientError:
            return _Answer("connection_failed")

    def _signature(self, body: bytes) -> dict[str, str]:
        """ "v0", the time and the body, joined by colons and hashed with the signing secret."""
        sent_at = str(int(self._clock.now().timestamp()))
        base = b":".join((b"v0", sent_at.encode(), body))
        digest = hmac.new(self._secret, base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": sent_at, "X-Slack-Signature": f"v0={digest}"}


_SHOWN = {"http_timeout": "operation_timeout"}


@dataclass(frozen=True)
class _Letter:
    body: bytes
    content_type: str = "application/json"
    repeat: dict[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Content-Type": self.content_type, **self.repeat}


def _letter(envelope: Envelope) -> _Letter:
    repeat = {}
    if envelope.attempt:
        repeat["x-slack-retry-num"] = str(envelope.attempt)
        repeat["x-slack-retry-reason"] = envelope.reason
    return _Letter(json.dumps(envelope.payload).encode(), repeat=repeat)


def _content(text: str) -> Json:
    """An ack may be empty, JSON, or for a command bare words."""
    try:
        content = json.loads(text) if text.strip() else {}
    except ValueError:
        return {"text": text}
    return content if isinstance(content, dict) else {"text": text}
