"""The reasons why a new catalogue version does not fit, in words."""

from bot.domain.agreements.misfits import MisfitReason, PlanGone, SeverityGone, TermsUnfit


def misfit_words(reason: MisfitReason) -> str:
    """Return the reason, to be continued from the key of a ticket or a client."""
    match reason:
        case PlanGone(plan):
            return f"is on “{plan}”, which the new file does not have"
        case SeverityGone(severity):
            return f"has been “{severity}”, which the new file does not have"
        case TermsUnfit(faults):
            return f"has terms of its own that the new file does not fit: {'; '.join(faults)}"
