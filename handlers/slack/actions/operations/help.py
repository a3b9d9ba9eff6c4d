"""List the words of `/desk`."""

from collections.abc import Sequence

from bot.usecases.desk import Desk
from bot.views.operations import help as view
from handlers.slack.feature import Answer, Asked, Feature, Word


def help_feature(others: Sequence[Feature]) -> Feature:
    """Return the feature that lists the words of the other features, and itself last."""

    async def answer(_: Desk, __: Asked) -> Answer:
        return view.help_text(view.help_line(word.name, word.usage, word.meaning) for word in words)

    own = Word("help", view.USAGE, view.MEANING, answer)
    words = [*(word for feature in others for word in feature.words), own]
    return Feature("help", words=(own,))
