"""Words, instants and people as Slack's mrkdwn."""

import html
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.text import blank, clip, clip_plain, escape, inline, mention, moment, quoted, split

WORDS = st.text(st.sampled_from("ab &<>\n\u200f😀é"), max_size=300)


def test_a_broadcast_that_a_client_types_is_inert() -> None:
    assert escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


def test_an_entity_that_a_client_types_is_shown_as_typed() -> None:
    assert escape("&lt;") == "&amp;lt;"


def test_half_a_character_is_replaced_for_no_request_can_carry_it() -> None:
    assert escape("a\ud800b").encode() == b"a?b"


def test_words_within_the_limit_are_left_whole() -> None:
    assert clip("one two", 7) == "one two"


def test_clipped_words_end_at_a_word() -> None:
    assert clip("The invoices cannot be posted", 20) == "The invoices cannot…"


def test_a_word_longer_than_the_limit_is_cut() -> None:
    assert clip("a" * 50, 10) == "a" * 9 + "…"


def test_the_limit_is_measured_after_escaping_and_no_entity_is_cut() -> None:
    assert clip("&&&&", 13) == "&amp;&amp;…"


def test_an_emoji_counts_as_two_characters_as_some_of_slack_counts() -> None:
    assert clip_plain("😀😀😀", 5) == "😀😀…"


@given(WORDS, st.integers(12, 80))
def test_clipping_keeps_to_the_limit_and_to_the_beginning_of_the_words(
    words: str, limit: int
) -> None:
    clipped = clip(words, limit)
    assert len(clipped.encode("utf-16-le")) // 2 <= limit
    assert words.strip().startswith(html.unescape(clipped).removesuffix("…"))


@given(WORDS, st.integers(12, 80))
def test_splitting_loses_nothing_but_the_spaces_at_which_it_parts(words: str, limit: int) -> None:
    pieces = split(words, limit)
    assert all(piece and len(piece.encode("utf-16-le")) // 2 <= limit for piece in pieces)
    whole = "".join(html.unescape(piece) for piece in pieces)
    assert "".join(whole.split()) == ("" if blank(words) else "".join(words.split()))


def test_splitting_parts_at_line_ends_where_it_can() -> None:
    assert split("first line here\nsecond line", 20) == ["first line here", "second line"]


@pytest.mark.parametrize("words", ["", "  \n", "\u200f\u200e", "\u200b \ufeff"])
def test_words_that_nobody_can_see_are_blank(words: str) -> None:
    assert blank(words)
    assert split(words, 100) == []
    assert inline(words, 10, otherwise="a name") == "a name"


@pytest.mark.parametrize("words", ["a", "😀", ".", "\u200fש"])
def test_words_that_can_be_seen_are_not_blank(words: str) -> None:
    assert not blank(words)


def test_a_name_cannot_break_a_line_nor_turn_it_around() -> None:
    assert inline("Ac\u202eme\n Ltd", 40, otherwise="") == "Acme Ltd"


def test_every_line_of_a_quotation_is_quoted() -> None:
    assert quoted("one\n\ntwo") == ">one\n>\n>two"


def test_a_moment_is_in_the_readers_time_and_falls_back_to_the_plans_zone() -> None:
    instant = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
    shown = "<!date^1773392400^{date_short_pretty} at {time}|Fri 13 Mar, 14:00 PKT>"
    assert moment(instant, "Asia/Karachi") == shown


def test_a_moment_is_the_same_from_whatever_offset_it_comes() -> None:
    instant = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
    other = instant.astimezone(timezone(timedelta(hours=-7)))
    assert moment(other, "Asia/Karachi") == moment(instant, "Asia/Karachi")


def test_a_zone_without_letters_is_named_by_its_offset() -> None:
    instant = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
    assert moment(instant, "America/Sao_Paulo").endswith("|Fri 13 Mar, 06:00 UTC-03>")


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        moment(datetime(2026, 3, 13, 9, 0), "Asia/Karachi")  # noqa: DTZ001 - the fault under test


def test_a_person_is_mentioned_by_user_id() -> None:
    assert mention("U012ABCDE") == "<@U012ABCDE>"
    assert mention("W012ABCDE") == "<@W012ABCDE>"


@pytest.mark.parametrize("name", ["Ayesha", "U1> <!channel", "!here", "U1|x"])
def test_what_is_no_user_id_is_shown_as_words(name: str) -> None:
    assert mention(name) == escape(name)
