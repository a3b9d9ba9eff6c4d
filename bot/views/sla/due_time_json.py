"""A due time as data for scripts."""

from datetime import datetime
from json.encoder import encode_basestring_ascii

from bot.domain.sla.targets.due_time import DueTime
from bot.views.instant_text import instant_text
from bot.views.sla.explanation_words import explanation_sentences


def answer_json(deadline: DueTime) -> str:
    """Return the JSON object for scripts, on a single line.

    `starts_at` and `due_at` are instants in ISO 8601, UTC, ending in `Z`, or null if there is no
    clock. `why` is a list of sentences.
    """
    sentences = map(encode_basestring_ascii, explanation_sentences(deadline.why))
    # With the json module, a million answers would take twice as long in total.
    return (
        f'{{"starts_at": {_instant_json(deadline.starts_at)}, '
        f'"due_at": {_instant_json(deadline.due_at)}, '
        f'"why": [{", ".join(sentences)}]}}'
    )


def _instant_json(instant: datetime | None) -> str:
    return "null" if instant is None else f'"{instant_text(instant)}"'
