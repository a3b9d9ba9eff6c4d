"""The sentences of faults of arguments, settings and the database that the command line reports."""

from bot.domain.operations import setup_faults
from bot.domain.operations.staff import Role
from bot.errors import StoreTrouble
from bot.views.operations.health import app_token_refused, store_problem
from bot.views.sentences import sentence_of


@sentence_of.register
def _(fault: setup_faults.ArgumentFaults) -> str:
    return "\n".join(sentence_of(argument) for argument in fault.faults)


@sentence_of.register
def _(_fault: setup_faults.NameEmpty) -> str:
    return "the name is empty: give the client's name as people know it"


@sentence_of.register
def _(fault: setup_faults.KeyMalformed) -> str:
    return f"key “{fault.key}” does not fit: use 2 to 10 letters and digits, a letter first"


@sentence_of.register
def _(fault: setup_faults.KeyTaken) -> str:
    return f"the key {fault.key.upper()} is taken: choose another one"


@sentence_of.register
def _(fault: setup_faults.ChannelMalformed) -> str:
    return (
        f"channel “{fault.channel}” is not a Slack channel ID: copy it (C…) from the channel's"
        " details"
    )


@sentence_of.register
def _(fault: setup_faults.ChannelTaken) -> str:
    return f"channel {fault.channel} belongs to {fault.owner} already: choose another one"


@sentence_of.register
def _(fault: setup_faults.ChannelInternal) -> str:
    return (
        f"channel {fault.channel} is internal (triage or managers): a client must never be"
        " in it; choose the client's own channel"
    )


@sentence_of.register
def _(fault: setup_faults.ChannelMissing) -> str:
    return f"{fault.plan} is supported in Slack: give the client's --channel (C…)"


@sentence_of.register
def _(fault: setup_faults.UserMalformed) -> str:
    return (
        f"{fault.argument} “{fault.user_id}” is not a Slack user ID: copy the member ID (U…) from"
        " the person's Slack profile"
    )


@sentence_of.register
def _(fault: setup_faults.NoSuchRole) -> str:
    return f"there is no role “{fault.role}”: choose {' or '.join(Role)}"


@sentence_of.register
def _(fault: setup_faults.NotOnStaffList) -> str:
    return f"{fault.user_id} is not on the staff list: see `deskbell staff list`"


@sentence_of.register
def _(fault: setup_faults.InternalChannelIsClients) -> str:
    return (
        f"{fault.setting} {fault.channel} is the channel of the client {fault.owner}: name an"
        " internal one"
    )


@sentence_of.register
def _(fault: setup_faults.BotTokenInvalid) -> str:
    return (
        f"SLACK_BOT_TOKEN is not accepted by Slack ({fault.error}): copy it again from your app's"
        " page, OAuth & Permissions"
    )


@sentence_of.register
def _(fault: setup_faults.AppTokenInvalid) -> str:
    return app_token_refused(fault.error)


@sentence_of.register
def _(fault: setup_faults.AddressUnavailable) -> str:
    return (
        f"HOST {fault.host}, PORT {fault.port} cannot be listened on ({fault.reason}): set others"
    )


@sentence_of.register
def _(_fault: setup_faults.AppriseMissing) -> str:
    return 'DESKBELL_PAGER_URLS needs Apprise: pip install "deskbell[pager]"'


@sentence_of.register
def _(fault: setup_faults.PagerAddressUnknown) -> str:
    return (
        f"DESKBELL_PAGER_URLS: the address number {fault.number} is none that Apprise knows: its"
        " page lists how each service is written"
    )


@sentence_of.register
def _(fault: setup_faults.DatabaseUnusable) -> str:
    return (
        f"DATABASE_URL {fault.url} cannot be used ({fault.reason}): check that it is there, that it"
        " may be written, and that it is Deskbell's"
    )


@sentence_of.register
def _(fault: setup_faults.DatabaseInUse) -> str:
    return (
        f"another Deskbell is running on {fault.path}: stop it first, or give this one another"
        " DATABASE_URL (several may share one PostgreSQL database)"
    )


@sentence_of.register
def _(fault: setup_faults.PragmaIgnored) -> str:
    return (
        f"this SQLite does not keep PRAGMA {fault.pragma} = {fault.value}: use a full SQLite build"
    )


@sentence_of.register
def _(trouble: StoreTrouble) -> str:
    return store_problem(trouble.problem)
