"""Dialogs that do not belong to an existing ticket, and the dialog that reports a refusal."""

PICKED_LENGTH = 2900
