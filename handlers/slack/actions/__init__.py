"""The features: a file for each, with its buttons, dialogs, shortcuts and `/desk` words."""
