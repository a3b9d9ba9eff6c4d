"""The sentences of refusals about digests and subscriptions."""

from bot.domain.reports import refusals
from bot.views.sentences import sentence_of


@sentence_of.register
def _(_refusal: refusals.ReadByOthers) -> str:
    return "Others read along here: choose a channel of your own people."


@sentence_of.register
def _(_refusal: refusals.NotInChannel) -> str:
    return "I am not in this channel: invite me here first."


@sentence_of.register
def _(_refusal: refusals.ChannelUnknown) -> str:
    return "Slack does not say what channel this is: please try again."


@sentence_of.register
def _(refusal: refusals.NoSuchSubject) -> str:
    known = ", ".join(refusal.known[:40])
    return f"There is no client or plan “{refusal.words[:60]}”: choose one of {known}."


@sentence_of.register
def _(refusal: refusals.NoSuchDays) -> str:
    days = ", ".join(refusal.days)
    return f"Say of which days: {days}; */desk {refusal.command}* alone is of now."
