"""Deskbell: a support desk inside Slack that keeps the promises in your support plans."""
