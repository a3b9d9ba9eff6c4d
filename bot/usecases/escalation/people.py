"""The people who act for a ticket."""

from bot.domain.agreements.plan import Plan
from bot.domain.escalation.decision import People
from bot.domain.ticket import Ticket
from bot.usecases.desk import Desk


async def people_of(desk: Desk, ticket: Ticket, plan: Plan) -> People:
    """Return the account engineer, the backup and the staff who can act for a ticket.

    The agreement in force now names the engineers, also for tickets opened under an earlier
    version. People who have left the staff are not included, and plans without an account engineer
    name nobody.
    """
    named = await desk.work.clients.agreement_at(ticket.client_id, desk.now)
    agreement = named or await desk.work.clients.agreement(ticket.agreement_id)
    staff = {member.user_id: member for member in await desk.work.staff.all()}
    if not plan.named_engineer:
        return People(None, None, staff)
    return People(agreement.engineer, agreement.backup, staff)
