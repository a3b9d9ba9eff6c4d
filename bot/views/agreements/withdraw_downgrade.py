"""The dialog in which a manager withdraws a planned downgrade."""

from collections.abc import Sequence

from bot.views.blocks import section
from bot.views.form import View, modal

TAKE_BACK_VIEW = "take_back_view"  # `taken_back` encodes its private metadata


def take_back_modal(key: str, lines: Sequence[str], version_id: int) -> View:
    """Return the dialog that confirms the withdrawal of a planned downgrade. `version_id` is the
    agreement version of the downgrade."""
    shown = [section(f"• {line}") for line in lines]
    view = modal(TAKE_BACK_VIEW, "Agreement of", "Take it back", shown, key)
    return view | {"private_metadata": taken_back(key, version_id)}


def taken_back(key: str, version_id: int) -> str:
    """Encode the private metadata of the dialog that confirms the withdrawal of a downgrade."""
    return f"{key}:{version_id}"


def to_take_back(metadata: str) -> tuple[str, int]:
    """Decode the metadata of `taken_back`: the client's key and the ID of the agreement version."""
    key, _, version_id = metadata.rpartition(":")
    return key, int(version_id)
