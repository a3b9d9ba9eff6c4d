"""Dialogs in which staff work on a ticket."""

PRIVATE_METADATA = 3000
