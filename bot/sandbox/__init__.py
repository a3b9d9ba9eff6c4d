"""A stand-in for Slack's server on loopback: the Web API, Socket Mode and events by HTTP.

The demo and the tests connect the real app to it over real sockets. It implements Slack's rules
and imports nothing from the rest of Deskbell.
"""

from bot.sandbox.errors import ImpossibleError, SlackError
from bot.sandbox.faults.call_faults import Fault
from bot.sandbox.faults.delivery_faults import DeliveryFault
from bot.sandbox.rate_limits import Limits
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.transports.retries import DELAYED_EVENTS
from bot.sandbox.workspace.records import Call, Interaction, Message, View

__all__ = [
    "DELAYED_EVENTS",
    "Call",
    "DeliveryFault",
    "Fault",
    "ImpossibleError",
    "Interaction",
    "Limits",
    "Message",
    "Sandbox",
    "SlackError",
    "View",
]
