"""The sentences of refusals about actions on tickets."""

from bot.domain.tickets import refusals
from bot.domain.tickets.cause import Cause
from bot.domain.tickets.refusals import Action, Reason
from bot.views.sentences import sentence_of

_INSTEAD = {
    Action.ANSWER: " by now: reopen it first, then answer.",
    Action.ASSIGN: ": reopen it first, then assign it.",
    Action.CANCEL: " already.",
    Action.MERGE: " already.",
    Action.RESOLVE: " already: reopen it first to change what was done.",
    Action.SET_SEVERITY: ": reopen it first to change its severity.",
    Action.SNOOZE: ": reopen it first, then snooze it.",
    Action.TAKE: ": reopen it first, then take it.",
    Action.WAIT: ": reopen it first, then wait on the client.",
}


@sentence_of.register
def _(refusal: refusals.NoSuchTicket) -> str:
    meant = f" Did you mean {' or '.join(refusal.similar)}?" if refusal.similar else ""
    return f"There is no ticket {refusal.key} here: check the key on its card.{meant}"


@sentence_of.register
def _(refusal: refusals.TicketNotOpen) -> str:
    return f"{refusal.key} is {refusal.state}{_INSTEAD[refusal.action]}"


@sentence_of.register
def _(refusal: refusals.TicketOpenAlready) -> str:
    return f"{refusal.key} is open already."


@sentence_of.register
def _(refusal: refusals.TicketTaken) -> str:
    return (
        f"<@{refusal.by}> has {refusal.key}: press *Take over* on its card if it should be yours."
    )


@sentence_of.register
def _(refusal: refusals.TicketChangedHands) -> str:
    who = f"<@{refusal.assignee}>" if refusal.assignee else "nobody"
    return f"{refusal.key} has changed hands: {who} has it now."


@sentence_of.register
def _(refusal: refusals.AssigneeNotStaff) -> str:
    return f"<@{refusal.user_id}> is not on the support team: choose somebody who is."


@sentence_of.register
def _(refusal: refusals.NoteMissing) -> str:
    return f"Write the note, as in */desk note {refusal.key} They restart it on Monday*."


@sentence_of.register
def _(refusal: refusals.TooLong) -> str:
    return f"That is {refusal.over} characters too long: shorten it to {refusal.limit}."


@sentence_of.register
def _(refusal: refusals.WaitsAlready) -> str:
    return f"{refusal.key} waits on the client already."


@sentence_of.register
def _(refusal: refusals.DoesNotWait) -> str:
    return f"{refusal.key} does not wait on the client."


@sentence_of.register
def _(refusal: refusals.CameElsewhere) -> str:
    return f"{refusal.key} came by {refusal.source}: answer there, then record the answer here."


@sentence_of.register
def _(_refusal: refusals.AnswerMissing) -> str:
    return "Write the answer first: the client reads it in their channel."


@sentence_of.register
def _(refusal: refusals.AnswerTooEarly) -> str:
    return f"{refusal.key} was reported later than that: check the time of the answer."


@sentence_of.register
def _(refusal: refusals.AnswerTooLong) -> str:
    return f"The answer is {refusal.over} characters too long: shorten it, or send it in two."


@sentence_of.register
def _(refusal: refusals.NamesAnotherClient) -> str:
    return (
        f"These words name {refusal.other}, and {refusal.own} would read them: take that out,"
        " then send it."
    )


@sentence_of.register
def _(refusal: refusals.OnlyTheClientRates) -> str:
    return f"Only the client rates {refusal.key}."


@sentence_of.register
def _(refusal: refusals.NotResolved) -> str:
    return f"{refusal.key} is {refusal.state} now: rate it once it is resolved."


@sentence_of.register
def _(refusal: refusals.NoSuchRating) -> str:
    return f"Give 1 to {refusal.best}: press one of the buttons."


@sentence_of.register
def _(refusal: refusals.MergedTicketContinues) -> str:
    return f"{refusal.key} goes on as {refusal.merged_into}: write what is missing in its thread."


@sentence_of.register
def _(refusal: refusals.AnotherClientsTarget) -> str:
    return f"{refusal.key} goes into a ticket of the same client: choose one of {refusal.client}."


@sentence_of.register
def _(refusal: refusals.MergedIntoItself) -> str:
    return f"{refusal.key} is that ticket: choose another to merge it into."


@sentence_of.register
def _(refusal: refusals.MergeTargetClosed) -> str:
    into = refusal.merged_into
    goes_on = f"merged into {into}" if into else refusal.state
    return f"{refusal.key} is {goes_on}: choose an open ticket to merge into."


@sentence_of.register
def _(refusal: refusals.DueSooner) -> str:
    return (
        f"{refusal.key} is due sooner than {refusal.target}, and nobody may wait"
        " longer for a merge: answer it first, or merge the other way round."
    )


@sentence_of.register
def _(refusal: refusals.NothingToMergeInto) -> str:
    return f"{refusal.client} has no other open ticket to merge it into."


@sentence_of.register
def _(refusal: refusals.MergeTargetMissing) -> str:
    return f"Say which ticket it goes into, as in */desk merge {refusal.key} ACME-1*."


@sentence_of.register
def _(refusal: refusals.OnlyTheClientWithdraws) -> str:
    return (
        f"Only the client withdraws {refusal.key}. If it is no request, press *Not a ticket* in"
        " the menu of its card in triage."
    )


@sentence_of.register
def _(refusal: refusals.AnsweredAlready) -> str:
    return f"{refusal.key} has been answered, so it is a ticket: resolve it instead."


@sentence_of.register
def _(refusal: refusals.NoSeverityYet) -> str:
    return f"{refusal.key} has no severity yet: choose one, then resolve it."


@sentence_of.register
def _(_refusal: refusals.ResolutionMissing) -> str:
    return "Say in a few words what was done: the client reads it."


@sentence_of.register
def _(refusal: refusals.NothingToWaive) -> str:
    return f"{refusal.key} counts for nothing as it is: there is nothing to waive."


@sentence_of.register
def _(refusal: refusals.ReasonMissing) -> str:
    if refusal.reason is Reason.FAULT:
        why, example = "it was our own fault", f"fault {refusal.key} our update broke it"
    else:
        why, example = "nothing is charged", f"waive {refusal.key} they waited for us"
    return f"Say why {why}, as in */desk {example}*; *no* takes it back."


@sentence_of.register
def _(refusal: refusals.SeverityMissing) -> str:
    return f"Say how severe, as in */desk severity {refusal.key} high*, or *high now*."


@sentence_of.register
def _(refusal: refusals.SeverityChanged) -> str:
    return (
        f"Somebody has just set {refusal.key} to {refusal.label or 'untriaged'}: choose once more"
        " if you see it otherwise."
    )


@sentence_of.register
def _(refusal: refusals.NoSuchSeverity) -> str:
    known = ", ".join(refusal.known)
    return f"{refusal.plan} has no severity “{refusal.severity}”: choose {known}."


@sentence_of.register
def _(refusal: refusals.CategoryMissing) -> str:
    return f"Say which kind of work, as in */desk category {refusal.key} bug*."


@sentence_of.register
def _(refusal: refusals.NoSuchCategory) -> str:
    known = ", ".join(refusal.known)
    return f"{refusal.plan} has no kind of work “{refusal.category}”: choose {known}."


@sentence_of.register
def _(refusal: refusals.NothingBreached) -> str:
    return f"{refusal.key} has broken no promise: */desk why {refusal.key}* says when."


@sentence_of.register
def _(_refusal: refusals.NoSuchCause) -> str:
    return f"Choose a cause: {', '.join(Cause)}."


@sentence_of.register
def _(refusal: refusals.WakeTimeMissing) -> str:
    return f"Say until when, as in */desk snooze {refusal.key} 2h*; *no* wakes it."


@sentence_of.register
def _(_refusal: refusals.NoOpenTicket) -> str:
    return "No ticket is open to which it could be added."
