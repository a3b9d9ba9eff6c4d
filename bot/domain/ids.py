"""Identifiers as types of their own, so that a ticket's ID is never taken for a client's."""

from typing import NewType

TicketId = NewType("TicketId", int)
ClientId = NewType("ClientId", int)
AgreementId = NewType("AgreementId", int)
UserId = NewType("UserId", str)  # a Slack user ID, U… or W…
ChannelId = NewType("ChannelId", str)  # a Slack channel ID, C…, G… or D…
