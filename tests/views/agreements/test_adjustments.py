"""Why a statement adjusts a ticket of an earlier period."""

import pytest

from bot.domain.agreements.statement import AdjustmentReason
from bot.views.agreements.adjustments import reason_words


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (AdjustmentReason.NOT_COUNTED_BEFORE, "it was not counted before"),
        (AdjustmentReason.WAIVED, "it was waived"),
        (AdjustmentReason.OTHER_POSITION, "its place in the order is another"),
        (AdjustmentReason.ALERT, "we noticed it ourselves"),
        (AdjustmentReason.FAULT, "it was our own fault"),
        (AdjustmentReason.MERGED, "it goes on as part of another"),
        (AdjustmentReason.WITHDRAWN, "it was withdrawn before it was answered"),
        (AdjustmentReason.DISMISSED, "it was no ticket"),
        (AdjustmentReason.NOT_COVERED, "it is not part of the plan"),
    ],
)
def test_each_reason_has_words(why: AdjustmentReason, words: str) -> None:
    assert reason_words(why) == words
    assert reason_words(why.value) == words  # as it was stored


def test_the_words_of_an_earlier_release_stay() -> None:
    assert reason_words("it was no ticket") == "it was no ticket"


def test_no_reason_is_forgotten() -> None:
    assert all(" " in reason_words(why) for why in AdjustmentReason)
