"""The screen: the demo's events line by line, for terminals and pipes."""

import re
from datetime import datetime, tzinfo

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

PIPE_WIDTH = 100
_MARGIN = 29  # columns of time, channel and author
_BOLD = re.compile(r"\*([^*\n]+)\*")


def console() -> Console:
    """Return a console for standard output; its width is 100 columns if it is not a terminal."""
    out = Console(highlight=False, emoji=False)
    return out if out.is_terminal else Console(highlight=False, emoji=False, width=PIPE_WIDTH)


class Screen:
    """Shows times in `zone`. While `quiet` is True it shows no messages."""

    def __init__(self, out: Console, zone: tzinfo) -> None:
        self._out = out
        self._zone = zone
        self.quiet = False

    def day(self, at: datetime, subject: str) -> None:
        """Show a rule with the date, at the start of a day."""
        local = at.astimezone(self._zone)
        title = Text(f"{local:%A} {local.day} {local:%B %Y} · {subject}", style="bold")
        self._out.print()
        self._out.print(Rule(title, align="left", style="dim"))

    def heading(self, title: str) -> None:
        """Show the title of a scene."""
        self._out.print()
        self._out.print(Text(f"▌ {title}", style="bold cyan"))

    def paragraph(self, words: str, style: str = "") -> None:
        self._out.print(marked(words, style))

    def remark(self, words: str) -> None:
        """Show a remark of the demo, beside the messages."""
        self._print(Text(" " * 6), marked(words, "italic cyan"), Text(" " * 6))

    def show_message(
        self, at: datetime, place: str, who: str, words: str, *, in_thread: bool, style: str = ""
    ) -> None:
        """Show a message or an action: time, channel, author and words; a reply is indented."""
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
        """Print wrapped words beside a margin, without blanks at the ends of lines."""
        room = max(20, self._out.width - rest.cell_len)
        for index, line in enumerate(words.wrap(self._out, room)):
            line.rstrip()
            self._out.print((rest if index else first) + line, soft_wrap=True)


def marked(words: str, style: str = "") -> Text:
    """Return the text with `*bold*` words in bold, without their asterisks."""
    text = Text(style=style)
    end = 0
    for match in _BOLD.finditer(words):
        text.append(words[end : match.start()])
        text.append(match[1], style="bold")
        end = match.end()
    return text.append(words[end:])
