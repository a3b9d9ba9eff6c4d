"""The sentences of refusals about agreements, plans and recurring tasks."""

from bot.domain.agreements import refusals
from bot.views.sentences import sentence_of


@sentence_of.register
def _(refusal: refusals.PlanNotFound) -> str:
    known = ", ".join(refusal.known)
    return f"there is no plan “{refusal.name}”: choose one of {known}"


@sentence_of.register
def _(refusal: refusals.PlanAmbiguous) -> str:
    choices = " or ".join(refusal.choices)
    return f"“{refusal.name}” is a plan of several catalogues: write {choices}"


@sentence_of.register
def _(refusal: refusals.PlanRefused) -> str:
    return f"{sentence_of(refusal.fault)}."


@sentence_of.register
def _(refusal: refusals.NoPlanNow) -> str:
    return f"{refusal.client} has no agreement now: a manager can give it a plan."


@sentence_of.register
def _(refusal: refusals.NoClientOrPlan) -> str:
    known = ", ".join(refusal.plans)
    return f"There is no client or plan “{refusal.name}”: choose a client's key or one of {known}."


@sentence_of.register
def _(refusal: refusals.NoAgreementToChange) -> str:
    return f"{refusal.client} has no agreement: add the client with one first."


@sentence_of.register
def _(refusal: refusals.NoAgreement) -> str:
    return f"{refusal.client} has no agreement: a manager must give it a plan first."


@sentence_of.register
def _(_refusal: refusals.AgreementEnded) -> str:
    return "The support agreement has ended: please ask your contact for a new one."


@sentence_of.register
def _(refusal: refusals.AgreementUnchanged) -> str:
    return f"The agreement of {refusal.client} says so already: change something in it."


@sentence_of.register
def _(refusal: refusals.TermsUnreadable) -> str:
    return f"The terms cannot be read: {'; '.join(refusal.faults)}."


@sentence_of.register
def _(refusal: refusals.TermsTooLong) -> str:
    return (
        f"The terms are {refusal.over} characters too long here: use `deskbell plan change`"
        " instead."
    )


@sentence_of.register
def _(_refusal: refusals.PlanMissing) -> str:
    return "The agreement has ended: say which plan it is to be."


@sentence_of.register
def _(_refusal: refusals.NoSuchAnchorDay) -> str:
    return "A billing cycle begins on a day from 1 to 31."


@sentence_of.register
def _(refusal: refusals.NotADayOfTheMonth) -> str:
    return f"“{refusal.words}” is not a day of a month: write a number from 1 to 31."


@sentence_of.register
def _(refusal: refusals.NotALastDay) -> str:
    return f"“{refusal.words}” is not a date: write the last day as 2026-12-31."


@sentence_of.register
def _(_refusal: refusals.NotAUserId) -> str:
    return "Name a person by their Slack user ID (U…)."


@sentence_of.register
def _(refusal: refusals.TermTooShort) -> str:
    months = f"{refusal.months} months at least" if refusal.months else "a day"
    return (
        f"A fixed term of {refusal.plan} has {months}: choose a last day from"
        f" {refusal.earliest.isoformat()} on."
    )


@sentence_of.register
def _(_refusal: refusals.ChangedMeanwhile) -> str:
    return "Something has changed meanwhile: look at the change once more."


@sentence_of.register
def _(refusal: refusals.NoDowngradePlanned) -> str:
    return f"No downgrade of {refusal.client} is planned: */desk plan {refusal.key}* says."


@sentence_of.register
def _(refusal: refusals.NoSuchDuty) -> str:
    return (
        f"{refusal.client} has no duty {refusal.duty} by {refusal.last}: */desk duties"
        f" {refusal.key}* lists what is open."
    )


@sentence_of.register
def _(_refusal: refusals.DutyMissing) -> str:
    return "Say what is done, as in */desk duties ACME account-review 2026-06-30*."


@sentence_of.register
def _(refusal: refusals.NotADutysDay) -> str:
    return (
        f"“{refusal.words[:40]}” is no day: write it as */desk duties* lists it, like 2026-06-30."
    )
