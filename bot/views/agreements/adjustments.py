"""The reasons for adjustments in words, which the client reads too."""

from bot.domain.agreements.statement import AdjustmentReason

_WORDS: dict[str, str] = {
    AdjustmentReason.NOT_COUNTED_BEFORE: "it was not counted before",
    AdjustmentReason.WAIVED: "it was waived",
    AdjustmentReason.OTHER_POSITION: "its place in the order is another",
    AdjustmentReason.ALERT: "we noticed it ourselves",
    AdjustmentReason.FAULT: "it was our own fault",
    AdjustmentReason.MERGED: "it goes on as part of another",
    AdjustmentReason.WITHDRAWN: "it was withdrawn before it was answered",
    AdjustmentReason.DISMISSED: "it was no ticket",
    AdjustmentReason.NOT_COVERED: "it is not part of the plan",
}


def reason_words(why: str) -> str:
    """Return the reason as a sentence without its full stop.

    Words that a statement of an earlier release has instead of a reason stay as they are.
    """
    return _WORDS.get(why, why)
