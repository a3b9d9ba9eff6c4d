"""The arguments of one call, whichever way they were sent."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.answers import SlackError
from bot.sandbox.records import Json


class Arguments:
    """Arguments by name, with Slack's own errors for what is missing or malformed."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)

    def text(self, name: str) -> str:
        """A string; empty when it was not given."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def needed(self, name: str) -> str:
        """A string that has to be there."""
        value = self.text(name)
        if not value:
            raise SlackError("invalid_arguments", [f"missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        """Slack takes `true` and `1` in forms."""
        return self.text(name).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        value = self.text(name)
        if not value:
            return default
        if not value.isdecimal():
            raise SlackError("invalid_limit" if name == "limit" else "invalid_arguments")
        return int(value)

    def structure(self, name: str, error: str) -> Any:
        """A list or an object, sent as such or as a JSON string; None when it was not given."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError as malformed:
            raise SlackError(error) from malformed


async def read_arguments(request: web.Request) -> Arguments:
    """The query and the body together; the body may be JSON or a form."""
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
