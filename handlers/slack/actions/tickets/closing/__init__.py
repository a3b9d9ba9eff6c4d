"""Closing: the end of a ticket (resolve, reopen, rate, withdraw, dismiss, merge)."""
