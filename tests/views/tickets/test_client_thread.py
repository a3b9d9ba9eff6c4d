"""Tests of the other messages in a client's channel."""

from dataclasses import replace

from bot.domain.tickets.ticket_view import client_ticket_view
from bot.views.intake.where_to_write import where_to_write
from bot.views.refusals import refusal
from bot.views.tickets.closing.reopen import reopened_note
from bot.views.tickets.closing.resolve import resolution_note
from bot.views.tickets.handling.reply import reply_message
from tests.ids import NOT_SOLVED
from tests.views.slack_limits import buttons, check_message, shown
from tests.views.ticket_views import ENGINEER, PLAN, RESOLVED, UNTRIAGED, ticket_view


def test_the_resolution_note_shows_the_resolution_and_how_to_object() -> None:
    message = resolution_note(client_ticket_view(RESOLVED))
    assert shown(message).splitlines() == [
        "*ACME-3* is resolved.",
        ">The posting period was closed; it is open again.",
        "If it is not solved, press the button and we go on with it. If it is: how well did we do?",
    ]
    assert list(buttons(message)) == [NOT_SOLVED, *(f"rate:{given}" for given in range(1, 6))]
    assert "The posting period was closed" in message.text


def test_a_resolution_without_words_still_has_a_note() -> None:
    message = resolution_note(
        client_ticket_view(ticket_view(ticket_view=RESOLVED, resolution=" \n"))
    )
    check_message(message)
    assert message.text == "*ACME-3* is resolved."


def test_the_longest_resolution_is_shown_completely() -> None:
    words = "& " * 1494 + "the last word"
    message = resolution_note(
        client_ticket_view(ticket_view(ticket_view=RESOLVED, resolution=words))
    )
    check_message(message)
    assert shown(message).count("&amp;") == 1494
    assert "the last word" in shown(message)


def test_slack_accepts_a_resolution_of_many_lines_completely() -> None:
    message = resolution_note(
        client_ticket_view(ticket_view(ticket_view=RESOLVED, resolution="a\n" * 1500))
    )
    check_message(message)
    assert shown(message).splitlines().count(">a") == 1500


def test_slack_accepts_an_extremely_long_reply() -> None:
    check_message(reply_message("&" * 40_000, "Ayesha"))


def test_a_reopened_ticket_names_its_engineer() -> None:
    taken = reopened_note(client_ticket_view(ticket_view(assignee=ENGINEER)))
    assert taken.text == f"*ACME-3* is open again. <@{ENGINEER}> will look into it."
    free = reopened_note(client_ticket_view(UNTRIAGED))
    assert free.text == "*ACME-3* is open again. Our support team will look into it."


def test_a_reply_has_the_engineers_name_and_mentions_nobody() -> None:
    message = reply_message("Done <!channel>", "Ayesha <Khan>")
    assert message.username == "Ayesha <Khan>"
    assert shown(message) == message.text == "Done &lt;!channel&gt;"


def test_a_long_reply_is_shown_completely() -> None:
    words = " ".join(f"word{number}" for number in range(2000))
    message = reply_message(words, "Ayesha")
    check_message(message)
    assert shown(message).split() == words.split()
    assert message.text.endswith("…")


def test_a_reply_without_words_or_name_is_still_a_message() -> None:
    message = reply_message("\u200f ", " ")
    check_message(message)
    assert message.username is None


def test_a_client_without_slack_support_reads_where_to_write() -> None:
    assert where_to_write(PLAN).text == (
        "Your plan, *Standard*, has no support in Slack. Please write to help@vendor.example."
    )


def test_a_plan_without_a_contact_note_names_its_channels() -> None:
    plan = replace(PLAN, where_to_write="", channels=("email", "portal"))
    assert where_to_write(plan).text.endswith("Please write to us by email or portal.")


def test_a_refusal_is_its_escaped_sentence() -> None:
    assert refusal("There is no ticket <X>: check the key.").text == (
        "There is no ticket &lt;X&gt;: check the key."
    )
