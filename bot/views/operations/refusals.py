"""The sentences of refusals about access to the desk, and settings of clients and staff."""

from bot.domain.operations import refusals
from bot.domain.operations.client import Intake
from bot.views.sentences import sentence_of


@sentence_of.register
def _(_refusal: refusals.NotStaff) -> str:
    return "This is for the support team. Write in your channel and we will take it from there."


@sentence_of.register
def _(_refusal: refusals.NotManager) -> str:
    return "This is for managers: ask one of yours to set it."


@sentence_of.register
def _(refusal: refusals.NoSuchClient) -> str:
    choices = ", ".join(refusal.known[:50]) or "one once it is added"
    return f"There is no client {refusal.key.upper()}: choose {choices}."


@sentence_of.register
def _(_refusal: refusals.NoSuchIntake) -> str:
    return f"Say which posts open a ticket: {', '.join(Intake)}."


@sentence_of.register
def _(refusal: refusals.NoChannel) -> str:
    return f"{refusal.client} has no channel, so nothing is posted there."


@sentence_of.register
def _(refusal: refusals.NoSuchJoin) -> str:
    return f"Say for how many minutes follow-ups join: 0 to {refusal.longest}."


@sentence_of.register
def _(refusal: refusals.ClientSettingMissing) -> str:
    key = refusal.key.upper()
    return (
        f"Say what to set, as in */desk client {key} intake every*, *mention* or *asked*,"
        f" or */desk client {key} join 5*."
    )


@sentence_of.register
def _(refusal: refusals.NothingParked) -> str:
    return (
        f"No parked delivery has the number {refusal.number}: `deskbell inbox parked` lists them."
    )


@sentence_of.register
def _(_refusal: refusals.CoversThemselves) -> str:
    return "Nobody covers for themselves: name somebody else on staff."


@sentence_of.register
def _(refusal: refusals.NotOnTheTeam) -> str:
    return f"<@{refusal.user_id}> is not on the support team: name somebody who is."


@sentence_of.register
def _(refusal: refusals.NoSuchZone) -> str:
    return f"There is no time zone {refusal.zone[:60]}: write one like Asia/Karachi."


@sentence_of.register
def _(refusal: refusals.HoursUnreadable) -> str:
    return f"{sentence_of(refusal.fault)[:200]}."


@sentence_of.register
def _(_refusal: refusals.HoursOverlap) -> str:
    return "Two of these windows overlap: end the one before the other starts."


@sentence_of.register
def _(refusal: refusals.PersonUnclear) -> str:
    who = "Several people are called so" if refusal.is_ambiguous else "Say who"
    example = f"assign {refusal.key}" if refusal.key else "away"
    return f"{who}: mention them, as in */desk {example} @dana*."


@sentence_of.register
def _(_refusal: refusals.StoreUnavailable) -> str:
    return (
        "The desk cannot keep anything at the moment, and nothing was changed. Please try"
        " again in a few minutes."
    )


@sentence_of.register
def _(refusal: refusals.Crashed) -> str:
    return (
        "Something went wrong on our side and nothing was changed. Please try again; if it"
        f" happens again, give the support team this reference: {refusal.reference}."
    )
