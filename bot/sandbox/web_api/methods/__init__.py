"""The table of all methods of the Web API."""

from collections.abc import Callable, Mapping

from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.arguments import Arguments
from bot.sandbox.web_api.methods import (
    auth,
    chat,
    conversations,
    files,
    reactions,
    usergroups,
    users,
    views,
)

Method = Callable[[Slack, Arguments], Json]

METHODS: Mapping[str, Method] = {
    "api.test": auth.api_test,
    "auth.test": auth.auth_test,
    "bots.info": users.bots_info,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.get_permalink,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "conversations.history": conversations.history,
    "conversations.info": conversations.info,
    "conversations.join": conversations.join,
    "conversations.members": conversations.members,
    "conversations.open": conversations.open_direct,
    "conversations.replies": conversations.replies,
    "files.completeUploadExternal": files.complete_upload,
    "files.getUploadURLExternal": files.get_upload_url,
    "files.info": files.info,
    "reactions.add": reactions.add,
    "reactions.remove": reactions.remove,
    "team.info": users.team_info,
    "usergroups.users.list": usergroups.users_list,
    "users.conversations": users.conversations,
    "users.info": users.info,
    "users.list": users.list_all,
    "views.open": views.open_modal,
    "views.publish": views.publish,
    "views.push": views.push,
    "views.update": views.update,
}
