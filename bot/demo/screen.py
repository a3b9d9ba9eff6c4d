"""The screen: what happens, line by line, readable in a terminal and in a pipe."""

import re
from datetime import datetime, tzinfo

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

PIPE_WIDTH = 100
_MARGIN = 29  # time, channel and author stand before the words
_BOLD = re.compile(r"\*([^*\n]+)\*")


def console() -> Console:
    """Standard output; a hundred columns where it is not a terminal."""
    out = Console(highlight=False, emoji=False)
    return out if out.is_terminal else Console(highlight=False, emoji=False, width=PIPE_WIDTH)


class Screen:
    """Times are shown in `zone`; a quiet screen shows no messages."""

    def __init__(self, out: Console, zone: tzinfo) -> None:
        self._out = out
        self._zone = zone
        self.quiet = False

    def day(self, at: datetime, what: str) -> None:
        """A line across: another day begins."""
        local = at.astimezone(self._zone)
        title = Text(f"{local:%A} {local.day} {local:%B %Y} · {what}", style="bold")
        self._out.print()
        self._out.print(Rule(title, align="left", style="dim"))

    def act(self, title: str) -> None:
        """The name of what comes now."""
        self._out.print()
        self._out.print(Text(f"▌ {title}", style="bold cyan"))

    def paragraph(self, words: str, style: str = "") -> None:
        self._out.print(marked(words, style))

    def aside(self, words: str) -> None:
        """The narrator, beside what people see."""
        self._print(Text(" " * 6), marked(words, "italic cyan"), Text(" " * 6))

    def said(
        self, at: datetime, place: str, who: str, words: str, *, in_thread: bool, style: str = ""
    ) -> None:
        """One message, or one deed: time, channel, who, what; a reply is indented."""
        if self.quiet:
            return
        first = Text.assemble(
            (f"{at.astimezone(self._zone):%H:%M} ", "dim"),
            (f"{place:<10.9}", "magenta"),
            (f"{who:<13.12}", "green"),
            "↳ " if in_thread else "",
        )
        rest = Text(" " * (_MARGIN + 2 if in_thread else _MARGIN))
        self._print(first, marked(words, style), rest)

    def _print(self, first: Text, words: Text, rest: Text) -> None:
        """Words wrapped beside a margin, without blanks at the ends of lines."""
        room = max(20, self._out.width - rest.cell_len)
        for index, line in enumerate(words.wrap(self._out, room)):
            line.rstrip()
            self._out.print((rest if index else first) + line, soft_wrap=True)


def marked(words: str, style: str = "") -> Text:
    """`*bold*` in bold, without the asterisks."""
    text = Text(style=style)
    end = 0
    for found in _BOLD.finditer(words):
        text.append(words[end : found.start()])
        text.append(found[1], style="bold")
        end = found.end()
    return text.append(words[end:])
