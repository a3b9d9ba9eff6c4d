"""The arguments of a call, from the query, a form or JSON."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json


class Arguments:
    """Arguments by name. The accessors raise SlackError with Slack's name for the problem."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)

    def text(self, name: str) -> str:
        """Return a string, or "" if the argument is absent."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def required(self, name: str) -> str:
        """Return a required string. Raises SlackError if it is absent or empty."""
        value = self.text(name)
        if not value:
            raise SlackError("invalid_arguments", [f"missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        """Return a boolean. Slack accepts `true` and `1` in forms."""
        return self.text(name).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        """Return a whole number. Raises SlackError if it is malformed."""
        value = self.text(name)
        if not value:
            return default
        if not value.isdecimal():
            raise SlackError("invalid_limit" if name == "limit" else "invalid_arguments")
        return int(value)

    def structure(self, name: str, error: str) -> Any:
        """Return a list or an object, sent as JSON or as a string of JSON, or None if absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError as malformed:
            raise SlackError(error) from malformed


async def read_arguments(request: web.Request) -> Arguments:
    """Return the arguments of the query and the body, which is JSON or a form."""
    values: Json = dict(request.query)
    if request.content_type == "application/json":
        values |= _json_object(await request.read())
    elif request.can_read_body:
        values |= dict(await request.post())
    return Arguments(values)


def _json_object(body: bytes) -> Json:
    if not body.strip():
        return {}
    try:
        parsed = json.loads(body)
    except ValueError as malformed:
        raise SlackError("invalid_json") from malformed
    if not isinstance(parsed, dict):
        raise SlackError("json_not_object")
    return parsed
