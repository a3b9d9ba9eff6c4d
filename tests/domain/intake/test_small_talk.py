"""Tests of which messages are small talk and which open a ticket."""

import pytest

from bot.domain.intake.small_talk import is_pleasantry


@pytest.mark.parametrize(
    "text",
    [
        "thanks",
        "Thanks!",
        "THANK YOU SO MUCH!!!",
        "ok, thanks.",
        "Perfect :+1:",
        ":tada::tada:",
        ":+1::skin-tone-3:",
        "👍🏽",
        "❤️",
        "👩‍💻",
        "<@U0001> thanks",
        "<@U0001>",
        "<!channel>",
        "...",
        "",
        "  \n",
    ],
)
def test_thanks_greetings_and_emoji_are_small_talk(text: str) -> None:
    assert is_pleasantry(text)


@pytest.mark.parametrize(
    "text",
    [
        "help",
        "thanks, but it is still down",
        "hello, our server is down",
        "no",
        "not ok",
        "ok?1",
        "500",
        "<https://example.com/error>",
        "<!channel> server down",
        "at 10:30:45 it stopped",
        "سرور بند ہے",
        "服务器坏了",
        "Сервер не работает",
        "it works now on one machine only",
    ],
)
def test_any_other_text_is_a_request(text: str) -> None:
    assert not is_pleasantry(text)
