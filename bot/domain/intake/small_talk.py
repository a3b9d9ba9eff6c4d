"""Recognise posts that ask for nothing: "thanks", a single emoji."""

import re
import unicodedata

_THANKS = frozenset(
    {
        "thanks",
        "thank you",
        "thank you so much",
        "thank you very much",
        "many thanks",
        "thanks a lot",
        "thx",
        "ty",
        "cheers",
        "ok",
        "okay",
        "great",
        "perfect",
        "awesome",
        "nice",
        "cool",
        "got it",
        "noted",
        "will do",
        "done",
        "works now",
        "it works now",
        "hi",
        "hello",
        "hey",
        "good morning",
        "good afternoon",
        "good evening",
        "bye",
        "have a nice day",
        "thanks all",
        "thanks everyone",
        "great thanks",
        "ok thanks",
        "perfect thanks",
        "thank you all",
    }
)
_SHORTCODE = re.compile(r":[a-z0-9_+'-]+(?:::skin-tone-\d)?:")
_MENTION = re.compile(r"<[@#!][^>]*>")


def is_pleasantry(text: str) -> bool:
    """Return whether a post asks for nothing.

    An empty text is a pleasantry too; the caller checks whether the post has a file.
    """
    words = _MENTION.sub(" ", _SHORTCODE.sub(" ", text))
    plain = "".join(char if _is_word(char) else " " for char in words.casefold())
    return " ".join(plain.split()) in _THANKS | {""}


def _is_word(character: str) -> bool:
    return character == "'" or unicodedata.category(character)[0] in "LN"
