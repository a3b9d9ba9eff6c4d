"""Load a catalogue: a shipped catalogue or a file."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from bot.catalog.parse import parse_catalog
from bot.domain.agreements.plan import Catalog
from bot.errors import ConfigurationError

SHIPPED = ("ecosire", "ecotone")


def load_catalog(name_or_path: str | Path) -> Catalog:
    """Return a shipped catalogue ("ecosire", "ecotone") or the catalogue in a TOML file.

    The catalogue of a file has the file's name without its suffix. Raises ConfigurationError with
    all faults, a line each.
    """
    if name_or_path in SHIPPED:
        return _shipped(str(name_or_path))
    if not str(name_or_path):
        raise _absent("")
    path = Path(name_or_path)
    return parse_catalog(_text_of(path), name=path.stem, source=str(path))


@cache
def _shipped(name: str) -> Catalog:
    resource = files("bot") / "catalog" / f"{name}.toml"
    return parse_catalog(resource.read_text("utf-8"), name=name, source=f"{name}.toml")


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{path}: is not UTF-8 text at byte {error.start}; save it as UTF-8."
        ) from error
    except (FileNotFoundError, ValueError):
        # The path is invalid, for example with a null character: ValueError.
        raise _absent(str(path)) from None
    except OSError as error:
        raise ConfigurationError(
            f"{path}: cannot be read ({error.strerror}); give the path of a readable file."
        ) from error


def _absent(name: str) -> ConfigurationError:
    return ConfigurationError(
        f"There is no catalogue {name!r}: choose {' or '.join(SHIPPED)}, "
        "or give the path of a catalogue file."
    )
