"""Replaces characters that people can send and no store can keep."""

import re
from typing import Any

# PostgreSQL: "the character with the code zero cannot be in the string". Half a character (a lone
# surrogate, which JSON can carry as `\ud83d`) is not valid UTF-8, so no store accepts it.
_NOT_TO_BE_KEPT = re.compile("[\x00\ud800-\udfff]")


def sanitize(value: Any) -> Any:
    """Return the same JSON value with U+FFFD in place of every such character."""
    if isinstance(value, str):
        return _NOT_TO_BE_KEPT.sub("\ufffd", value)
    if isinstance(value, list):
        return [sanitize(item) for item in value]
    if isinstance(value, dict):
        return {key: sanitize(item) for key, item in value.items()}
    return value
