"""Column types and the metadata of all tables. Instants are whole microseconds since 1970 UTC."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, MetaData, Text, TypeDecorator

from bot.slack_ts import MessageTs, NotATs

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as microseconds since the epoch."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 (SQLAlchemy's signature)
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class SlackTs(TypeDecorator[MessageTs]):
    """A Slack `ts`, stored as its text and compared as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: MessageTs | str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's signature)
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> MessageTs | None:  # noqa: ARG002 (SQLAlchemy's signature)
        return None if value is None else MessageTs.parse(value)


class SentTs(SlackTs):
    """The `ts` of a sent message. None for a page and an uploaded file: their text is no `ts`."""

    cache_ok = True

    def process_result_value(self, value: Any | None, dialect: Dialect) -> MessageTs | None:
        try:
            return super().process_result_value(value, dialect)
        except NotATs:
            return None


# SQLite generates row numbers only if the key's type is exactly INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)
