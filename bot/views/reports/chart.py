"""Charts for the digest, as PNG files. Importing matplotlib takes a second, so it is imported when
a chart is drawn, outside the event loop."""

import io
from collections.abc import Sequence
from functools import partial

from bot.domain.reports.digest import Attainment
from bot.views.message import Message, Upload
from bot.views.text import clip_plain, one_line

_MOST_BARS = 12
_ALT_TEXT = 1000  # "alt_txt: 1,000 characters"
_KEPT, _MISSED = "#1f6f54", "#d9d9d9"


def attainment_chart(lines: Sequence[Attainment], days: int) -> Message | None:
    """Return a chart of the share of first responses in time over `days` days, lowest first.
    Returns None if no first response fell due."""
    window = [line for line in lines if line.days == days and line.total > 0]
    if not window:
        return None
    worst = sorted(window, key=lambda line: (line.kept / line.total, -line.total))
    title = f"First responses kept, last {days} days"
    words = "; ".join(f"{_name(line)}: {_kept(line)}" for line in worst)
    alt = clip_plain(f"{title}. {words}", _ALT_TEXT)
    draw = partial(_bars, title, worst[:_MOST_BARS], len(worst))
    return Message(alt, [], upload=Upload(title, alt, draw))


def _name(line: Attainment) -> str:
    return f"{one_line(line.client)} ({one_line(line.plan)})"


def _kept(line: Attainment) -> str:
    return f"{line.kept} of {line.total} ({line.kept * 100 // line.total} %)"


def _bars(title: str, lines: Sequence[Attainment], total: int) -> bytes:
    """Draw a PNG with a bar for each plan and client, and its figures beside it."""
    from matplotlib import rc_context  # noqa: PLC0415 (it takes a second and 40 MB)
    from matplotlib.figure import Figure  # noqa: PLC0415

    # A dollar sign in a name must not begin a formula.
    with rc_context({"text.parse_math": False, "font.size": 15}):
        figure = Figure(figsize=(8, 1.6 + 0.75 * len(lines)), dpi=150, layout="constrained")
        axes = figure.subplots()
        places = range(len(lines), 0, -1)
        shares = [100 * line.kept / line.total for line in lines]
        axes.barh(places, [100] * len(lines), color=_MISSED, height=0.5)
        axes.barh(places, shares, color=_KEPT, height=0.5)
        for place, line in zip(places, lines, strict=True):
            label = f"{clip_plain(_name(line), 48)}: {_kept(line)}"
            axes.text(0, place + 0.32, label, va="bottom", ha="left")
        axes.set_xlim(0, 100)
        axes.set_ylim(0.5, len(lines) + 0.95)
        axes.set_yticks([])
        axes.set_xticks([0, 50, 100], labels=["0 %", "50 %", "100 %"])
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        more = f" (the {len(lines)} lowest of {total})" if total > len(lines) else ""
        axes.set_title(f"{title}{more}", loc="left", pad=14, fontsize=17)
        out = io.BytesIO()
        figure.savefig(out, format="png")
    return out.getvalue()
