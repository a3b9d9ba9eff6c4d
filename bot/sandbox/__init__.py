"""A Slack in a box: the Web API and Socket Mode on loopback, for the demo and the tests.

The real app talks to it over real sockets; it knows Slack and nothing of support.
"""

from bot.sandbox.answers import ImpossibleError, SlackError
from bot.sandbox.deliveries import DELAYED_EVENTS, DeliveryFault
from bot.sandbox.faults import Fault
from bot.sandbox.limits import Limits
from bot.sandbox.records import Call, Interaction, Message, View
from bot.sandbox.server import Sandbox

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
