"""Submitted dialogs, and the dialogs that buttons open."""
