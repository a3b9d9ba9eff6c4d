"""views.open, views.push, views.update, views.publish."""

from bot.sandbox.block_kit.blocks import check_view
from bot.sandbox.errors import SlackError
from bot.sandbox.events.bodies import view_body
from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.arguments import Arguments
from bot.sandbox.web_api.methods.lookups import visible_person
from bot.sandbox.workspace.records import View

LARGEST_VIEW = 250_000


def _definition(arguments: Arguments) -> Json:
    view = arguments.structure("view", "invalid_arguments")
    if view is None:
        raise SlackError("invalid_arguments", ["missing required field: view"])
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", ["must provide an object [json-pointer:/view]"])
    if len(str(view)) > LARGEST_VIEW:
        raise SlackError("view_too_large")
    return view


def _shown(slack: Slack, view: View) -> Json:
    slack.notify_watchers(view, "view")
    return {"view": view_body(slack.workspace, view)}


def open_modal(slack: Slack, arguments: Arguments) -> Json:
    """Open a modal with a trigger. A refused view does not use up the trigger."""
    definition = _definition(arguments)
    check_view(definition, kind="modal")
    user = slack.triggers.exchange(arguments.required("trigger_id"))
    return _shown(slack, slack.views.open(user, definition))


def push(slack: Slack, arguments: Arguments) -> Json:
    definition = _definition(arguments)
    check_view(definition, kind="modal")
    user = slack.triggers.exchange(arguments.required("trigger_id"))
    return _shown(slack, slack.views.push(user, definition))


def update(slack: Slack, arguments: Arguments) -> Json:
    definition = _definition(arguments)
    external_id = arguments.text("external_id")
    if external_id:
        view = slack.views.by_external_id(external_id)
    else:
        view = slack.views.find(arguments.required("view_id"))
    if view is None:
        raise SlackError("not_found")
    slack.views.update(view, definition, arguments.text("hash") or None)
    return _shown(slack, view)


def publish(slack: Slack, arguments: Arguments) -> Json:
    """Publish an App Home.

    Slack: "not_enabled: a `home` view is published but the Home tab isn't enabled for the app".
    """
    if not slack.rights.home_tab:
        raise SlackError("not_enabled")
    definition = _definition(arguments)
    check_view(definition, kind="home")
    person = visible_person(slack, arguments.required("user_id"))
    view = slack.views.publish(person.user_id, definition, arguments.text("hash") or None)
    return _shown(slack, view)
