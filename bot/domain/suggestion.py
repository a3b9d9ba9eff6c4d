"""How severe a request reads: a suggestion to staff, who decide."""

import re
from collections.abc import Iterable

from bot.domain.plan import Severity


def suggested(severities: Iterable[Severity], words: str) -> tuple[Severity, str] | None:
    """The first of the severities (the most severe comes first) of which a sign stands in the
    words, and that sign; whole words in any case, however they are spaced."""
    for severity in severities:
        for sign in severity.signs:
            spaced = r"\s+".join(re.escape(word) for word in sign.split())
            if spaced and re.search(rf"(?<!\w){spaced}(?!\w)", words, re.IGNORECASE):
                return severity, sign
    return None
