"""The staff list follows a user group of the workspace."""

from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from bot.domain.ids import UserId
from bot.sandbox import Fault
from bot.usecases.desk import Desk
from bot.usecases.operations.staff_group import keep_in_step
from tests.story import Story, story


async def staff(tale: Story) -> dict[str, str]:
    assert tale.bot is not None
    async with tale.bot.runtime.read() as desk:
        return {member.user_id: member.role.value for member in await desk.work.staff.all()}


async def read(tale: Story) -> None:
    """Read the group, as the bot does each minute."""
    assert tale.bot is not None
    assert tale.bot.staff_group is not None
    await tale.bot.staff_group.read()


async def test_members_of_the_group_are_engineers_while_they_are_in_it(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale:
        fay, gus = (tale.sandbox.add_user(name) for name in ("Fay", "Gus"))
        group = tale.sandbox.put_user_group([fay, tale.mo])
        async with tale.running(deskbell_staff_group=group):
            await read(tale)
            assert (await staff(tale))[fay] == "engineer"
            assert (await staff(tale))[tale.mo] == "manager"  # the role on the staff list stays
            tale.sandbox.join(fay, tale.triage)
            assert "Your queue is empty" in await tale.asks(fay, "")

            tale.sandbox.put_user_group([gus], group)
            await read(tale)

            assert fay not in await staff(tale)
            assert gus in await staff(tale)
            assert tale.mo in await staff(tale)
            assert "This is for the support team" in await tale.asks(fay, "")


@pytest.mark.thorough
@pytest.mark.parametrize("how", ["empty", "gone", "refused"])
async def test_an_empty_missing_or_refused_group_removes_nobody(tmp_path: Path, how: str) -> None:
    async with story(tmp_path) as tale:
        fay = tale.sandbox.add_user("Fay")
        group = tale.sandbox.put_user_group([fay])
        async with tale.running(deskbell_staff_group=group):
            await read(tale)
            before = await staff(tale)
            if how == "empty":
                tale.sandbox.put_user_group([], group)
            elif how == "gone":
                del tale.sandbox._workspace.user_groups[group]
            else:
                fault = Fault.ERROR("fatal_error")
                tale.sandbox.faults.add("usergroups.users.list", fault, times=None)
            if how == "empty":
                await read(tale)
            else:
                with pytest.raises(SlackApiError):
                    await read(tale)
            assert fay in before
            assert await staff(tale) == before


@pytest.mark.thorough
async def test_staff_added_by_name_stay_on_the_list(tmp_path: Path) -> None:
    async with story(tmp_path) as tale:
        group = tale.sandbox.put_user_group([tale.dana])
        async with tale.running(deskbell_staff_group=group):
            await read(tale)
            tale.sandbox.put_user_group([tale.eli], group)
            await read(tale)
            assert tale.dana in await staff(tale)


@pytest.mark.thorough
async def test_the_group_is_read_again_after_a_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This runs the loop itself, with a short interval."""
    monkeypatch.setattr("bot.delivery.slack.staff_group.EVERY_SECONDS", 0.05)
    async with story(tmp_path) as tale:
        fay = tale.sandbox.add_user("Fay")
        group = tale.sandbox.put_user_group([fay])
        faults = [LookupError("a fault of ours")]

        async def first_crashes(
            desk: Desk, members: list[UserId]
        ) -> tuple[list[UserId], list[UserId]]:
            if faults:
                raise faults.pop()
            return await keep_in_step(desk, members)

        monkeypatch.setattr("bot.delivery.slack.staff_group.keep_in_step", first_crashes)
        async with tale.running(deskbell_staff_group=group):
            await tale.waits_for(f"SELECT 1 FROM staff WHERE user_id = '{fay}'")  # noqa: S608
            await tale.settle()
