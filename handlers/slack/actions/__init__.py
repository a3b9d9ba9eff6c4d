"""Buttons, menus, and shortcuts."""
