"""The features: a file for each, with its buttons, dialogs, events and `/desk` words."""
