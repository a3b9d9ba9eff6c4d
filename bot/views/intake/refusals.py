"""The sentences of refusals about messages, requests, reports and commands."""

from bot.domain.intake import refusals
from bot.views.sentences import sentence_of


@sentence_of.register
def _(refusal: refusals.NoClientOfReport) -> str:
    return f"There is no client {refusal.key}: choose one of the list."


@sentence_of.register
def _(_refusal: refusals.NoClientYet) -> str:
    return "There is no client yet: add one with `deskbell client add` first."


@sentence_of.register
def _(_refusal: refusals.ReportMissing) -> str:
    return "Write what was reported: it is what the engineers read."


@sentence_of.register
def _(refusal: refusals.NotOfTheQuestion) -> str:
    return f"{refusal.key} is not of that channel: choose a ticket of the question."


@sentence_of.register
def _(refusal: refusals.NotOfTheSameClient) -> str:
    return f"{refusal.key} is not of that channel: choose a ticket of the same client."


@sentence_of.register
def _(refusal: refusals.MessageHasTicket) -> str:
    return f"That message is part of {refusal.key or 'a ticket'} already."


@sentence_of.register
def _(refusal: refusals.NoTicketOpened) -> str:
    if refusal.plan is None:
        return "It opens no ticket: not a ticket: the agreement has ended."
    channels = " or ".join(refusal.channels)
    return f"It opens no ticket: not a ticket: {refusal.plan} is supported by {channels}."


@sentence_of.register
def _(_refusal: refusals.NotAClientsChannel) -> str:
    return "Nobody is supported in this channel: write where your support team is."


@sentence_of.register
def _(refusal: refusals.OnlyClientsAsk) -> str:
    return f"Clients ask here; */desk open* enters what {refusal.client} has told you."


@sentence_of.register
def _(refusal: refusals.NotSupportedInSlack) -> str:
    return refusal.where_to_write or f"Please write by {' or '.join(refusal.channels)}."


@sentence_of.register
def _(_refusal: refusals.RequestMissing) -> str:
    return "Write what you need: it is what our engineers read."


@sentence_of.register
def _(refusal: refusals.NoSuchCommand) -> str:
    meant = f" Did you mean *{refusal.similar}*?" if refusal.similar else ""
    return f"There is no */desk {refusal.name[:40]}*.{meant} */desk help* lists every word."


@sentence_of.register
def _(refusal: refusals.TicketNotNamed) -> str:
    return f"Name the ticket, as in */desk {refusal.command} ACME-1*."
