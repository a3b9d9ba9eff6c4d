"""Text files that are arguments of commands."""

from pathlib import Path

from bot.cli.sentence import USAGE, leave


def text_of(file: Path) -> str:
    """Return the file's text, "" if it is blank. Ends the command if the file cannot be read as
    UTF-8."""
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        leave(f"{file} is not UTF-8 text at byte {error.start}: save it as UTF-8.", USAGE)
    except OSError as error:
        leave(f"{file} cannot be read ({error.strerror}): give the path of a TOML file.", USAGE)
    return text if text.strip() else ""
