"""The stack of open modals and the App Home of each person."""

import secrets
from collections import defaultdict

from bot.sandbox.block_kit.blocks import check_view, with_identifiers
from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.workspace.records import View
from bot.sandbox.workspace.state import Workspace

LARGEST_STACK = 3


class Views:
    """The views that each person sees. The last view of a stack is on top."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stacks: defaultdict[str, list[View]] = defaultdict(list)
        self._homes: dict[str, View] = {}

    def stack(self, user: str) -> list[View]:
        return list(self._stacks[user])

    def home(self, user: str) -> View | None:
        return self._homes.get(user)

    def find(self, view_id: str) -> View | None:
        """Return a view that a person sees at present, or None."""
        modals = (view for stack in self._stacks.values() for view in stack)
        shown = [*modals, *self._homes.values()]
        return next((view for view in shown if view.view_id == view_id), None)

    def open(self, user: str, definition: Json) -> View:
        """Show a modal in place of the open modals."""
        view = self._new(user, definition, kind="modal")
        self._stacks[user] = [view]
        return view

    def push(self, user: str, definition: Json) -> View:
        """Show a modal on top of the open modals, at most three in all."""
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
        """Replace the content of a view. Raises SlackError if `given_hash` is outdated."""
        check_view(definition, kind=view.definition["type"])
        if given_hash and given_hash != view.hash:
            raise SlackError("hash_conflict")
        self._check_external_id(definition, apart_from=view)
        view.definition = _complete(definition)
        view.hash = _new_hash()

    def publish(self, user: str, definition: Json, given_hash: str | None = None) -> View:
        """Publish a person's App Home."""
        view = self._homes.get(user)
        if view is None:
            view = self._new(user, definition, kind="home")
            self._homes[user] = view
        else:
            self.update(view, definition, given_hash)
        return view

    def close(self, view: View) -> None:
        """Close a modal; the modal below it shows again."""
        stack = self._stacks[view.user]
        self._stacks[view.user] = [other for other in stack if other is not view]

    def clear(self, user: str) -> None:
        self._stacks[user] = []

    def by_external_id(self, external_id: str) -> View | None:
        views = (view for stack in self._stacks.values() for view in stack)
        return next((v for v in views if v.definition.get("external_id") == external_id), None)

    def _new(self, user: str, definition: Json, *, kind: str) -> View:
        check_view(definition, kind=kind)
        self._check_external_id(definition)
        view_id = self._workspace.mint("V")
        team_id = self._workspace.users[user].team_id
        return View(view_id, user, team_id, _complete(definition), _new_hash(), view_id)

    def _check_external_id(self, definition: Json, apart_from: View | None = None) -> None:
        external_id = definition.get("external_id")
        holder = self.by_external_id(external_id) if external_id else None
        if holder is not None and holder is not apart_from:
            raise SlackError("duplicate_external_id")


def _complete(definition: Json) -> Json:
    return definition | {"blocks": with_identifiers(definition["blocks"])}


def _new_hash() -> str:
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"
