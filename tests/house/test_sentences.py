"""Every sentence that people read is in the views, except those in a short list of records."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
ROOMS = (
    "bot/delivery",
    "bot/domain",
    "bot/ports",
    "bot/usecases",
    "handlers",
    "scheduler",
    "storage/engine",
    "storage/repositories",
    "storage/store.py",
    "storage/tables",
)
FEWEST_WORDS = 5
WORD = re.compile(r"[(“\"']?[A-Za-z]?[a-z]+(['’-][a-z]+)*[.,:;!?)”\"']*")
LOG_CALLS = {"debug", "info", "warning", "error", "critical", "exception"}
BUGS = {"AssertionError", "LookupError", "RuntimeError", "TypeError", "ValueError"}

# Outcomes that the rows of the inbox, of messages and of the outbox keep for developers, and the
# text that stands in a ticket's row for an erased summary.
RECORDED = {
    "(the client deleted this message)",
    "a pager did not take it",
    "a reaction that asks for nothing",
    "deleted before it reached us",
    "its facts are unknown here ({})",
    "no channel of the desk's",
    "no message that is on record",
    "not a ticket: written before the client was with us",
    "not written by a person ({})",
    "nothing that the desk must know",
    "only the card's button or a :ticket: opens a ticket in this channel",
    "only what mentions the desk opens a ticket in this channel",
    "somebody else came or went",
    "staff wrote before it was opened",
    "staff wrote outside any ticket",
    "staff wrote, and were asked which ticket it is meant for",
    "staff wrote, before the ticket was known",
    "the app's token is refused from now on, the operators are told",
    "the lease ran out before the call",
    "{} is no longer shared with {}",
    "{} is open, what is owed there is said",
}
# Events of the log that are not written inside a call of the logger.
LOGGED = {
    "the desk could not be audited",
    "the outbox could not be worked",
}


def sentences(source: str) -> Iterator[str]:
    """Yield the texts that read like sentences for people; "{}" stands for an inserted value."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(parents.get(node), ast.Expr | ast.JoinedStr):  # a docstring, or a part
            continue
        text = _text(node)
        words = [word for word in text.split() if WORD.fullmatch(word)]
        if len(words) >= FEWEST_WORDS and not _is_for_developers(node, parents):
            yield text


def _text(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) or "{}" for part in parts)
        case _:
            return ""


def _is_for_developers(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Return whether the text is logged, or explains an exception that signals a bug."""
    while not isinstance(node, ast.stmt):
        match node := parents[node]:
            case ast.Call(func=ast.Attribute(attr=name)) if name in LOG_CALLS:
                return True
            case ast.Call(func=ast.Name(id="safely")):
                return True
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")))):
                return _is_worker_or_exception(node, parents)
            case ast.Raise(exc=ast.Call(func=ast.Name(id=name))):
                return name in BUGS
    return False


def _is_worker_or_exception(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    while not isinstance(node, ast.ClassDef):
        node = parents[node]
    bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
    return not bases.isdisjoint({"Exception", "PeriodicWorker"})


def files() -> Iterator[Path]:
    for room in ROOMS:
        path = HOUSE / room
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def test_sentences_for_people_are_only_in_the_views() -> None:
    found = {text for path in files() for text in sentences(path.read_text("utf-8"))}
    assert found - RECORDED - LOGGED == set(), "move it to bot/views"
    assert (RECORDED | LOGGED) - found == set(), "take it off the list"


@pytest.mark.parametrize(
    "planted",
    [
        'LABEL = "Press this button once more, please."',
        'def words(key): return f"There is no ticket {key}: check its card."',
        'raise Refusal("Choose a time that is still to come.")',
        'raise ConfigurationError("DATABASE_URL cannot be used: check that it is there.")',
        'desk.say("We have received your message and will answer.")',
    ],
)
def test_a_sentence_outside_the_views_is_found(planted: str) -> None:
    assert len(list(sentences(planted))) == 1


@pytest.mark.parametrize(
    "allowed",
    [
        'def words(): """Return the sentence for a person, with a remedy."""',
        'log.warning("a file could not be shown in the channel")',
        'raise ValueError(f"{end} is before the start: give them in order")',
        'connection.execute("PRAGMA busy_timeout = 0")',
        "class Worker(PeriodicWorker):\n"
        '    def __init__(self): super().__init__("the inbox could not be worked")',
        'KEY = "mirror:{ticket}:{user}"',
    ],
)
def test_texts_for_developers_are_not_reported(allowed: str) -> None:
    assert list(sentences(allowed)) == []
