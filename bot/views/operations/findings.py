"""The findings of an audit, in words for operators."""

from bot.domain.operations.stuck_rows import (
    ClocksCrashed,
    ClocksUnrepaired,
    Finding,
    QueueName,
    RowStuck,
)

_STUCK = {
    QueueName.OUTBOX: "the message {about} could go to Slack and is not sent",
    QueueName.INBOX: "the delivery {about} could be worked and is not",
    QueueName.TIMERS: "a timer ({about}) is due and does not fire",
}


def finding_words(finding: Finding) -> str:
    """Return the problem and the remedy, to be continued from "the audit found that"."""
    match finding:
        case RowStuck(where, _, about):
            return (
                f"{_STUCK[where].format(about=about)}: look in the log for what its worker runs"
                " into, and restart Deskbell if it says nothing"
            )
        case ClocksUnrepaired(_, ticket):
            return (
                f"the clocks of {ticket} are not as its history gives them, and computing them"
                " anew does not help: please report it with the output of `deskbell export tickets"
                " --json`"
            )
        case ClocksCrashed(ticket_id):
            return (
                f"the clocks of ticket number {ticket_id} in the store cannot be computed: the log"
                " has the whole error"
            )
