"""Words for a client must not name another client: "no client sees anything of another's"."""

import re

from bot.domain.operations.client import Client
from bot.domain.ticket import Ticket
from bot.domain.tickets.refusals import NamesAnotherClient
from bot.usecases.desk import Desk


async def check_confidentiality(desk: Desk, ticket: Ticket, words: str) -> None:
    """Raise Refusal if words for the ticket's client contain another client's ticket key or
    name."""
    clients = await desk.work.clients.all()
    own = next(client for client in clients if client.id == ticket.client_id)
    rest = _without(words, own.name)  # another client's name may be part of it
    for other in clients:
        if other.id != own.id and _names(rest, other):
            raise NamesAnotherClient(other.name, own.name)


def _names(words: str, client: Client) -> bool:
    """Return whether the words contain a ticket key or the name of the client."""
    key = re.search(rf"\b{re.escape(client.key)}-\d+\b", words, re.IGNORECASE)
    return key is not None or _whole_words(client.name).search(words) is not None


def _without(words: str, name: str) -> str:
    """Return the words without the name."""
    return _whole_words(name).sub(" ", words)


def _whole_words(name: str) -> re.Pattern[str]:
    """Return a pattern for the name as whole words, in any case and spacing."""
    spaced = r"\s+".join(re.escape(word) for word in name.split())
    return re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)
