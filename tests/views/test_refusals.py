"""Every refusal, and every fault with facts, has a sentence in a wing of the views."""

import types
import typing
from collections.abc import Iterator
from datetime import date
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import bot.domain
from bot.domain.agreements.refusals import PlanNotFound
from bot.domain.intake.refusals import NoTicketOpened
from bot.domain.operations.client import Intake
from bot.domain.operations.refusals import NoSuchIntake, NotOnTheTeam
from bot.domain.sla.calendars.calendar import NeverOpensError
from bot.domain.sla.refusals import NoSuchTime
from bot.domain.sla.text_faults import NotAWindow, TextFault
from bot.domain.ticket import TicketState
from bot.domain.tickets.refusals import (
    Action,
    NoSuchTicket,
    TicketChangedHands,
    TicketNotOpen,
    TicketTaken,
)
from bot.errors import ConfigurationError, ConfigurationFault, DeskbellError, Refusal, StoreTrouble
from bot.views.refusals import refusal as refusal_message
from bot.views.refusals import sentence_of

DOMAIN = Path(bot.domain.__path__[0])
for path in DOMAIN.glob("*/*.py"):  # a class exists once its module has been imported
    import_module(f"bot.domain.{path.parent.name}.{path.stem}")


def kinds(root: type[DeskbellError]) -> Iterator[type[DeskbellError]]:
    """All subclasses of a class of errors, at any depth."""
    for kind in root.__subclasses__():
        yield kind
        yield from kinds(kind)


ALL = sorted(
    {*kinds(Refusal), *kinds(ConfigurationFault), *kinds(TextFault), NeverOpensError, StoreTrouble}
    - {NoSuchTime},
    key=lambda kind: kind.__name__,
)


def sample(annotation: Any) -> Any:
    """A value of a fact's type."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        return sample(arguments[0])
    if origin is tuple:
        return (sample(arguments[0]), sample(arguments[0]))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation))
    samples = {
        str: "ACME-1",
        int: 7,
        bool: True,
        date: date(2026, 3, 9),
        PlanNotFound: PlanNotFound("gold", ("standard",)),
        ConfigurationError: ConfigurationError("a fault"),
        TextFault: NotAWindow("nine to five"),
    }
    return samples[annotation]


def with_facts(kind: type[DeskbellError]) -> DeskbellError:
    """An error of this kind with facts of the right types."""
    return kind(*map(sample, typing.get_type_hints(kind).values()))


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_each_kind_of_refusal_has_a_sentence_of_its_own(kind: type[DeskbellError]) -> None:
    rendered = sentence_of.dispatch(kind)
    assert rendered not in {sentence_of.dispatch(Refusal), sentence_of.dispatch(object)}

    error = with_facts(kind)
    sentence = sentence_of(error)
    assert sentence.strip()
    assert "None" not in sentence
    assert str(error).startswith(kind.__name__)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_the_people_of_a_refusal_are_mentioned_in_its_sentence(kind: type[DeskbellError]) -> None:
    error = with_facts(kind)
    if isinstance(error, Refusal):
        sentence = sentence_of(error)
        assert sentence.count("<@") == len(error.people)
        assert all(f"<@{person}>" in sentence for person in error.people)


def test_a_refusal_without_a_sentence_is_a_fault_of_the_program() -> None:
    with pytest.raises(NotImplementedError, match="Refusal has no sentence"):
        sentence_of(Refusal())


def test_an_error_without_facts_carries_its_own_text() -> None:
    assert sentence_of(ConfigurationError("SLACK_APP_TOKEN is not set")) == (
        "SLACK_APP_TOKEN is not set"
    )


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        (Action.ANSWER, "ACME-1 is resolved by now: reopen it first, then answer."),
        (Action.ASSIGN, "ACME-1 is resolved: reopen it first, then assign it."),
        (Action.CANCEL, "ACME-1 is resolved already."),
        (Action.MERGE, "ACME-1 is resolved already."),
        (Action.RESOLVE, "ACME-1 is resolved already: reopen it first to change what was done."),
        (Action.SET_SEVERITY, "ACME-1 is resolved: reopen it first to change its severity."),
        (Action.SNOOZE, "ACME-1 is resolved: reopen it first, then snooze it."),
        (Action.TAKE, "ACME-1 is resolved: reopen it first, then take it."),
        (Action.WAIT, "ACME-1 is resolved: reopen it first, then wait on the client."),
    ],
)
def test_a_closed_ticket_is_to_be_reopened_before_the_action(action: Action, sentence: str) -> None:
    assert sentence_of(TicketNotOpen("ACME-1", TicketState.RESOLVED, action)) == sentence


def test_a_refusal_suggests_what_may_have_been_meant() -> None:
    assert sentence_of(NoSuchTicket("ACME-9")) == (
        "There is no ticket ACME-9 here: check the key on its card."
    )
    assert sentence_of(NoSuchTicket("ACME-9", ("ACME-1", "ACME-2"))) == (
        "There is no ticket ACME-9 here: check the key on its card. Did you mean ACME-1 or ACME-2?"
    )
    assert sentence_of(NoSuchIntake()).endswith(f"{', '.join(Intake)}.")


def test_a_message_that_opens_no_ticket_is_refused_with_the_reason() -> None:
    assert sentence_of(NoTicketOpened(None)) == (
        "It opens no ticket: not a ticket: the agreement has ended."
    )
    assert sentence_of(NoTicketOpened("Included", ("email", "portal"))) == (
        "It opens no ticket: not a ticket: Included is supported by email or portal."
    )


def test_only_the_people_of_a_refusal_are_mentioned_in_slack() -> None:
    taken = TicketTaken("UDANA", "<@UEVE>")
    text = refusal_message(sentence_of(taken), taken.people).text
    assert text.startswith("<@UDANA> has &lt;@UEVE&gt;")
    assert TicketChangedHands("ACME-1", None).people == ()
    assert NotOnTheTeam("UFAY").people == ("UFAY",)
