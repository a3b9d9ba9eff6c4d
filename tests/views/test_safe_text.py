"""Tests of words, instants and people as Slack mrkdwn."""

import html
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.text import blank, clip, clip_plain, escape, inline, mention, moment, quoted, split

WORDS = st.text(st.sampled_from("ab &<>\n\u200f😀é"), max_size=300)


def test_a_broadcast_typed_by_a_client_is_inert() -> None:
    assert escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


def test_an_entity_typed_by_a_client_is_shown_as_typed() -> None:
    assert escape("&lt;") == "&amp;lt;"


def test_a_lone_surrogate_is_replaced_as_no_request_can_carry_it() -> None:
    assert escape("a\ud800b").encode() == b"a?b"


def test_words_within_the_limit_are_unchanged() -> None:
    assert clip("one two", 7) == "one two"


def test_clipped_text_ends_at_a_word() -> None:
    assert clip("The invoices cannot be posted", 20) == "The invoices cannot…"


def test_a_word_longer_than_the_limit_is_cut() -> None:
    assert clip("a" * 50, 10) == "a" * 9 + "…"


def test_the_limit_counts_escaped_text_and_cuts_no_entity() -> None:
    assert clip("&&&&", 13) == "&amp;&amp;…"


def test_an_emoji_counts_as_two_characters_as_in_parts_of_slack() -> None:
    assert clip_plain("😀😀😀", 5) == "😀😀…"


@given(WORDS, st.integers(12, 80))
def test_clipped_text_respects_the_limit_and_is_a_prefix_of_the_text(
    words: str, limit: int
) -> None:
    clipped = clip(words, limit)
    assert len(clipped.encode("utf-16-le")) // 2 <= limit
    assert words.strip().startswith(html.unescape(clipped).removesuffix("…"))


@given(WORDS, st.integers(12, 80))
def test_splitting_loses_only_the_spaces_at_the_splits(words: str, limit: int) -> None:
    pieces = split(words, limit)
    assert all(piece and len(piece.encode("utf-16-le")) // 2 <= limit for piece in pieces)
    whole = "".join(html.unescape(piece) for piece in pieces)
    assert "".join(whole.split()) == ("" if blank(words) else "".join(words.split()))


def test_splitting_prefers_line_ends() -> None:
    assert split("first line here\nsecond line", 20) == ["first line here", "second line"]


@pytest.mark.parametrize("words", ["", "  \n", "\u200f\u200e", "\u200b \ufeff"])
def test_invisible_text_is_blank(words: str) -> None:
    assert blank(words)
    assert split(words, 100) == []
    assert inline(words, 10, otherwise="a name") == "a name"


@pytest.mark.parametrize("words", ["a", "😀", ".", "\u200fש"])
def test_visible_text_is_not_blank(words: str) -> None:
    assert not blank(words)


def test_a_name_cannot_break_a_line_or_reverse_its_direction() -> None:
    assert inline("Ac\u202eme\n Ltd", 40, otherwise="") == "Acme Ltd"


def test_every_line_of_a_quotation_is_quoted() -> None:
    assert quoted("one\n\ntwo") == ">one\n>\n>two"


def test_an_instant_is_in_the_readers_time_with_the_plans_zone_as_fallback() -> None:
    instant = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
    shown = "<!date^1773392400^{date_short_pretty} at {time}|Fri 13 Mar, 14:00 PKT>"
    assert moment(instant, "Asia/Karachi") == shown


def test_an_instant_is_written_the_same_for_any_utc_offset() -> None:
    instant = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
    other = instant.astimezone(timezone(timedelta(hours=-7)))
    assert moment(other, "Asia/Karachi") == moment(instant, "Asia/Karachi")


def test_a_zone_without_an_abbreviation_is_named_by_its_offset() -> None:
    instant = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
    assert moment(instant, "America/Sao_Paulo").endswith("|Fri 13 Mar, 06:00 UTC-03>")


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        moment(datetime(2026, 3, 13, 9, 0), "Asia/Karachi")  # noqa: DTZ001 - the fault under test


def test_a_person_is_mentioned_by_user_id() -> None:
    assert mention("U012ABCDE") == "<@U012ABCDE>"
    assert mention("W012ABCDE") == "<@W012ABCDE>"


@pytest.mark.parametrize("name", ["Ayesha", "U1> <!channel", "!here", "U1|x"])
def test_an_invalid_user_id_is_shown_as_text(name: str) -> None:
    assert mention(name) == escape(name)
