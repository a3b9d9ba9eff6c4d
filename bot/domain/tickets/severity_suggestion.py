"""Suggest a severity from the words of a request. Staff decide."""

import re
from collections.abc import Iterable

from bot.domain.sla.targets.sla_target import Severity


def suggested(severities: Iterable[Severity], words: str) -> tuple[Severity, str] | None:
    """Return the first severity with a sign in the words, and that sign; None if there is no match.

    Severities are in order, the most severe first. A sign matches whole words, in any case and with
    any white space between them.
    """
    for severity in severities:
        for sign in severity.signs:
            spaced = r"\s+".join(re.escape(word) for word in sign.split())
            if spaced and re.search(rf"(?<!\w){spaced}(?!\w)", words, re.IGNORECASE):
                return severity, sign
    return None
