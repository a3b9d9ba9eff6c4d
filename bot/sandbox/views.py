"""Modals in their stacks and each person's App Home."""

import secrets
from collections import defaultdict

from bot.sandbox.answers import SlackError
from bot.sandbox.blocks import check_view, with_identifiers
from bot.sandbox.records import Json, View
from bot.sandbox.workspace import Workspace

LARGEST_STACK = 3


class Views:
    """Who sees which views; the last of a stack is on top."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stacks: defaultdict[str, list[View]] = defaultdict(list)
        self._homes: dict[str, View] = {}

    def stack(self, user: str) -> list[View]:
        return list(self._stacks[user])

    def home(self, user: str) -> View | None:
        return self._homes.get(user)

    def find(self, view_id: str) -> View | None:
        """The view, while somebody sees it."""
        open_ones = (view for stack in self._stacks.values() for view in stack)
        known = [*open_ones, *self._homes.values()]
        return next((view for view in known if view.view_id == view_id), None)

    def open(self, user: str, definition: Json) -> View:
        """Show a modal in the place of whatever the person had open."""
        view = self._new(user, definition, kind="modal")
        self._stacks[user] = [view]
        return view

    def push(self, user: str, definition: Json) -> View:
        """Put a modal on top of the open ones; Slack allows three in all."""
        stack = self._stacks[user]
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= LARGEST_STACK:
            raise SlackError("push_limit_reached")
        view = self._new(user, definition, kind="modal")
        view.root_view_id, view.previous_view_id = stack[0].view_id, stack[-1].view_id
        stack.append(view)
        return view

    def update(self, view: View, definition: Json, given_hash: str | None = None) -> None:
        """Show something else in the same place; a hash that is no longer the view's is refused."""
        check_view(definition, kind=view.definition["type"])
        if given_hash and given_hash != view.hash:
            raise SlackError("hash_conflict")
        self._insist_unique_external_id(definition, apart_from=view)
        view.definition = _complete(definition)
        view.hash = _new_hash()

    def publish(self, user: str, definition: Json, given_hash: str | None = None) -> View:
        """Set a person's App Home."""
        view = self._homes.get(user)
        if view is None:
            view = self._new(user, definition, kind="home")
            self._homes[user] = view
        else:
            self.update(view, definition, given_hash)
        return view

    def close(self, view: View) -> None:
        """Take one modal away; what lies under it shows again."""
        stack = self._stacks[view.user]
        self._stacks[view.user] = [each for each in stack if each is not view]

    def clear(self, user: str) -> None:
        self._stacks[user] = []

    def by_external_id(self, external_id: str) -> View | None:
        views = (view for stack in self._stacks.values() for view in stack)
        return next((v for v in views if v.definition.get("external_id") == external_id), None)

    def _new(self, user: str, definition: Json, *, kind: str) -> View:
        check_view(definition, kind=kind)
        self._insist_unique_external_id(definition)
        view_id = self._workspace.mint("V")
        team_id = self._workspace.users[user].team_id
        return View(view_id, user, team_id, _complete(definition), _new_hash(), view_id)

    def _insist_unique_external_id(self, definition: Json, apart_from: View | None = None) -> None:
        external_id = definition.get("external_id")
        holder = self.by_external_id(external_id) if external_id else None
        if holder is not None and holder is not apart_from:
            raise SlackError("duplicate_external_id")


def _complete(definition: Json) -> Json:
    return definition | {"blocks": with_identifiers(definition["blocks"])}


def _new_hash() -> str:
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"
