"""Settings from the environment or from a `.env` file in the working directory."""

import re
from datetime import time
from functools import cache
from typing import Annotated, Any, TypeVar
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import ConfigurationError

SLACK = "https://slack.com/api/"
S = TypeVar("S", bound="Settings")


USER_ID = re.compile(r"[UW][A-Z0-9]{2,}")


def _user_ids(value: tuple[str, ...]) -> tuple[str, ...]:
    wrong = [user_id for user_id in value if not USER_ID.fullmatch(user_id)]
    if wrong:
        raise ValueError(f"has {', '.join(wrong)}: give Slack user IDs (U…), separated by commas")
    return value


def _words(value: Any) -> Any:
    """Return a comma-separated text such as `"ecosire, ecotone"` as a tuple."""
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


@cache
def _zones() -> frozenset[str]:
    """The IANA time zones. To find them walks through the files of all."""
    return frozenset(available_timezones())


def _zone(value: str) -> str:
    if value not in _zones():
        raise ValueError("is not an IANA time zone: write one like Asia/Karachi or UTC")
    return value


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _weekdays(value: Any) -> Any:
    """Return `"mon-fri"` or `"mon,thu"` as a set of weekdays, 0 for Monday.

    Raises ValueError for any other text.
    """
    if not isinstance(value, str):
        return value
    weekdays: set[int] = set()
    for part in value.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in _WEEKDAYS or (last or first) not in _WEEKDAYS:
            raise ValueError(f"has {part!r}: write weekdays like mon-fri or mon,wed,sat")
        day, end = _WEEKDAYS.index(first), _WEEKDAYS.index(last or first)
        weekdays |= {number % 7 for number in range(day, end + 1 if end >= day else end + 8)}
    return frozenset(weekdays)


def _database(value: str) -> str:
    if not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError(
            "is not a database Deskbell can use: write sqlite+aiosqlite:///deskbell.db or"
            " postgresql+asyncpg://user@host/name"
        )
    if value.removeprefix("sqlite+aiosqlite:///") in {"", ":memory:"}:
        raise ValueError("keeps nothing: name a file, as in sqlite+aiosqlite:///deskbell.db")
    return value


def _prefixed(*prefixes: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        if value and not str(value).startswith(prefixes):
            raise ValueError(f"must start with {' or '.join(prefixes)}")
        return value

    return BeforeValidator(check)


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]
Weekdays = Annotated[frozenset[int], NoDecode, BeforeValidator(_weekdays)]
BotToken = Annotated[str, _prefixed("xoxb-")]
AppToken = Annotated[str, _prefixed("xapp-")]
Channel = Annotated[str, _prefixed("C", "G")]


class Settings(BaseSettings):
    """The settings. Each field is the environment variable of the same name in capitals.

    `.env.example` describes each variable.
    """

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    slack_bot_token: BotToken = ""
    slack_signing_secret: str = ""
    slack_app_token: AppToken = ""
    slack_api_url: Annotated[str, _prefixed("http://", "https://")] = SLACK
    host: str = "127.0.0.1"
    port: int = Field(3000, ge=0, le=65535)
    database_url: Annotated[str, BeforeValidator(_database)] = "sqlite+aiosqlite:///deskbell.db"
    deskbell_catalog: Words = ("ecosire",)
    deskbell_triage_channel: Channel = ""
    deskbell_managers_channel: Channel = ""
    deskbell_staff_group: Annotated[str, _prefixed("S")] = ""
    deskbell_admins: Annotated[Words, AfterValidator(_user_ids)] = ()
    deskbell_digest_time: time = time(9)
    deskbell_digest_days: Weekdays = frozenset(range(7))
    deskbell_pager_urls: Words = ()
    deskbell_heartbeat_url: Annotated[str, _prefixed("http://", "https://")] = ""
    deskbell_time_zone: Annotated[str, BeforeValidator(_zone)] = "UTC"


class RunSettings(Settings):
    """The settings for `deskbell run`, with the values that a connection to Slack needs."""

    slack_bot_token: BotToken
    slack_app_token: AppToken = Field("", validate_default=True)
    deskbell_triage_channel: Channel
    deskbell_managers_channel: Channel

    @field_validator("slack_app_token")
    @classmethod
    def _one_way_in(cls, value: str, info: ValidationInfo) -> str:
        if not value and not info.data.get("slack_signing_secret"):
            raise ValueError(
                "is missing (Socket Mode), and so is SLACK_SIGNING_SECRET (HTTP): set one"
            )
        return value


def load_settings() -> Settings:
    """Return the settings. Raises ConfigurationError with a line for each invalid setting."""
    return _load(Settings)


def load_run_settings() -> RunSettings:
    """Return the settings for `run`.

    Raises ConfigurationError with a line for each setting that is missing or invalid.
    """
    return _load(RunSettings)


def _load(kind: type[S]) -> S:
    try:
        return kind()
    except ValidationError as error:
        raise ConfigurationError("\n".join(_fault(fault) for fault in error.errors())) from None


def _fault(fault: ErrorDetails) -> str:
    name = str(fault["loc"][0]).upper()
    if fault["type"] == "missing":
        return f"{name} is missing: .env.example says what it is and where to find it"
    return f"{name} {fault['msg'].removeprefix('Value error, ')}"
