"""Draws Block Kit as text at a phone's width, for people who read cards without Slack.

An unknown block or element raises an error, so that a drawing leaves nothing out.
"""

import html
import re
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bot.views.message import Message
from tests.views.ticket_views import AUTHOR, ENGINEER, READER

WIDTH = 46
NAMES = {ENGINEER: "Dana", READER: "Mo", AUTHOR: "Ann"}
_DATE = re.compile(r"<!date\^[^|>]+\|([^>]+)>")
_PERSON = re.compile(r"<@(\w+)>")
_LINK = re.compile(r"<[^|>]+\|([^>]+)>")
Json = dict[str, Any]


def drawn(shown: Message | Json | str) -> str:
    """Draw a message, a dialog, a Home, or an answer that is only text."""
    if isinstance(shown, str):
        return _framed("Only you see this", _wrapped(_plain(shown)))
    if isinstance(shown, Message):
        author = shown.username or "Deskbell"
        if shown.upload is not None:
            what = "picture" if shown.upload.ending == "png" else "file"
            return _framed(author, _wrapped(f"[{what}] {shown.upload.alt or shown.upload.title}"))
        return _framed(author, [line for block in shown.blocks for line in _block(block)])
    lines = [line for block in shown["blocks"] for line in _block(block)]
    if shown["type"] == "home":
        return _framed("Home", lines)
    feet = [f"[ {shown[part]['text']} ]" for part in ("close", "submit") if part in shown]
    return _framed(shown["title"]["text"], [*lines, "", *_row(feet)])


def _framed(title: str, lines: list[str]) -> str:
    head = f"╭─ {title} ".ljust(WIDTH + 3, "─") + "╮"
    body = [f"│ {line.ljust(WIDTH)} │" for line in lines]
    return "\n".join([head, *body, "╰" + "─" * (WIDTH + 2) + "╯"])


def _block(block: Json) -> Iterator[str]:
    match block["type"]:
        case "section":
            yield from _wrapped(_plain(block["text"]["text"]))
            if accessory := block.get("accessory"):  # beside the text, or below it on a phone
                yield _control(accessory)
                yield from _choices(accessory)
        case "header":
            yield from ("", *_wrapped(block["text"]["text"].upper()))
        case "actions":
            yield from _row([_control(element) for element in block["elements"]])
            for element in block["elements"]:
                yield from _choices(element)
        case "input":
            optional = " (may be left empty)" if block.get("optional") else ""
            yield from _wrapped(f"{block['label']['text']}{optional}")
            yield from _field(block["element"])
            if "hint" in block:
                yield from _wrapped(block["hint"]["text"], "  ")
        case unknown:
            raise ValueError(f"nobody has drawn a block of type {unknown} yet")


def _control(element: Json) -> str:
    match element["type"]:
        case "button":
            return f"[ {element['text']['text']} ]"
        case "static_select":
            chosen = element.get("initial_option", {}).get("text", element["placeholder"])
            return f"[ {chosen['text']} ▾ ]"
        case "overflow":
            return "[ … ]"
        case unknown:
            raise ValueError(f"nobody has drawn an element of type {unknown} yet")


def _choices(element: Json) -> Iterator[str]:
    """Draw the content that appears on a press: the choices, or the confirmation."""
    if element["type"] in {"static_select", "overflow"}:
        choices = ", ".join(option["text"]["text"] for option in element["options"])
        yield from _wrapped(f"{'▾' if element['type'] == 'static_select' else '…'} {choices}", "  ")
    if "confirm" in element:
        ask = element["confirm"]
        yield from _wrapped(f"? {ask['title']['text']} {ask['text']['text']}", "  ")
        yield from _row([f"[ {ask[part]['text']} ]" for part in ("deny", "confirm")], "    ")


def _field(element: Json) -> Iterator[str]:
    match element["type"]:
        case "plain_text_input":
            yield "▁" * (WIDTH - 2)
        case "static_select":
            groups = element.get("option_groups", [element])
            options = [option["text"]["text"] for group in groups for option in group["options"]]
            yield "[ choose ▾ ]"
            yield from _wrapped(", ".join(options), "  ")
        case "radio_buttons":
            for option in element["options"]:
                mark = "◉" if option == element.get("initial_option") else "○"
                yield from _wrapped(f"{mark} {option['text']['text']}")
        case "users_select":
            who = NAMES.get(element.get("initial_user", ""), "choose somebody")
            yield f"[ {who} ▾ ]"
        case "datetimepicker":
            at = datetime.fromtimestamp(element["initial_date_time"], UTC)
            yield f"[ {at:%a %d %b, %H:%M} UTC ▾ ]"
        case unknown:
            raise ValueError(f"nobody has drawn an input of type {unknown} yet")


def _row(controls: list[str], indent: str = "") -> list[str]:
    """Draw controls side by side, as many per line as fit."""
    lines = [indent]
    for control in controls:
        longer = f"{lines[-1]}{' ' if lines[-1].strip() else ''}{control}"
        if len(longer) <= WIDTH or not lines[-1].strip():
            lines[-1] = longer
        else:
            lines.append(f"{indent}{control}")
    return lines


def _plain(mrkdwn: str) -> str:
    named = _PERSON.sub(lambda match: f"@{NAMES.get(match[1], match[1])}", mrkdwn)
    return html.unescape(_LINK.sub(r"\1", _DATE.sub(r"\1", named))).replace("*", "")


def _wrapped(words: str, indent: str = "") -> list[str]:
    lines: list[str] = []
    for line in words.splitlines():
        bar = "┃ " if line.startswith(">") else ""
        text = line.removeprefix(">") if bar else line
        first = indent + bar
        lines += textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=first) or [""]
    return lines
