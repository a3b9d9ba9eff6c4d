"""What people can send and no store can keep."""

import re
from typing import Any

# PostgreSQL: "the character with the code zero cannot be in the string". Half a character (a lone
# surrogate, which JSON can carry as `\ud83d`) is no UTF-8, for neither store.
_NOT_TO_BE_KEPT = re.compile("[\x00\ud800-\udfff]")


def sanitize(value: Any) -> Any:
    """The same JSON value, with a mark (U+FFFD) in the place of each such character."""
    if isinstance(value, str):
        return _NOT_TO_BE_KEPT.sub("\ufffd", value)
    if isinstance(value, list):
        return [sanitize(one) for one in value]
    if isinstance(value, dict):
        return {key: sanitize(one) for key, one in value.items()}
    return value
