"""The rules of Block Kit and the visible text of blocks."""
