"""Alarms as they are stored in the outbox."""

from pydantic import TypeAdapter

from bot.domain.operations.alarms import KINDS, TAG
from bot.json_types import Json
from bot.views.operations.alarm import alarm_words

_FACTS = {name: TypeAdapter(kind) for name, kind in KINDS.items()}


def alarm_text(facts: Json) -> str:
    """Return the sentences of a stored alarm. Earlier releases stored the sentences themselves."""
    if TAG not in facts:
        return str(facts["words"])
    return alarm_words(_FACTS[facts[TAG]].validate_python(facts))
