"""The slash command `/desk` and its words."""
