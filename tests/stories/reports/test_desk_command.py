"""The subcommands of `/desk` and their answers."""

from datetime import timedelta
from pathlib import Path

import pytest

from handlers.slack.desk_command import WORDS
from tests.story import MONDAY, Story, story

EARLIEST = MONDAY + timedelta(hours=4)  # the target of Standard for Critical


async def two_tickets(tale: Story) -> tuple[str, str, str]:
    """Open ACME-1, and GLOBEX-1 an hour later; return Acme's channel, post and its author."""
    channel, ann = await tale.add_client("Acme")
    ts = await tale.says(ann, channel, "Our server is down")
    elsewhere, ben = await tale.add_client("Globex")
    await tale.forward(hours=1)
    await tale.says(ben, elsewhere, "The printer is <!channel> & jammed")
    return channel, ts, ann


async def test_the_queue_lists_assigned_tickets_and_unassigned_tickets_of_own_clients(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await two_tickets(tale)
        channel, cyd = await tale.add_client("Initech", plan="priority", engineer=tale.dana)
        await tale.says(cyd, channel, "We cannot log in")
        assert await tale.asks(tale.eli, "") == (
            "Your queue is empty. */desk list* shows every open ticket."
        )

        await tale.asks(tale.dana, "take globex-1")

        queue = await tale.asks(tale.dana, "")
        assert queue.startswith("*Your queue* (2)")
        assert queue.index("*INITECH-1*") < queue.index("*GLOBEX-1*")  # two hours, then four
        assert "*ACME-1*" not in queue
        assert await tale.asks(tale.dana, "QUEUE") == queue


async def test_list_filters_by_client_risk_and_breach(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await two_tickets(tale)

        listed = await tale.asks(tale.dana, "list")
        assert listed.startswith("*Open tickets* (2)")
        assert listed.index("*ACME-1*") < listed.index("*GLOBEX-1*")
        assert "The printer is &lt;!channel&gt; &amp; jammed" in listed
        assert "*Open tickets* (1)" in await tale.asks(tale.dana, "list globex")
        nowhere = "There is no client NOBODY: choose ACME, GLOBEX."
        assert await tale.asks(tale.dana, "list nobody") == nowhere

        assert await tale.asks(tale.dana, "list --at-risk") == "Nothing is at risk."
        await tale.at(EARLIEST - timedelta(minutes=30))
        risky = await tale.asks(tale.dana, "list --at-risk")
        assert "*ACME-1*" in risky
        assert "*GLOBEX-1*" not in risky

        assert await tale.asks(tale.dana, "list --breached") == "No open ticket is late."
        await tale.asks(tale.dana, "severity ACME-1 critical")
        await tale.at(EARLIEST + timedelta(minutes=1))
        late = await tale.asks(tale.dana, "list --breached")
        assert late.startswith("*Late* (1)")
        assert "*Late since*" in late


async def test_show_answers_in_private(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await two_tickets(tale)
        shown = await tale.asks_whole(tale.dana, "show Acme-1")
        words = str(shown["blocks"])
        assert "Our server is down" in words
        assert "actions" not in words


async def test_commands_take_assign_note_resolve_and_reopen_a_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await two_tickets(tale)
        answers = {
            "take acme-1": "You have ACME-1.",
            f"assign ACME-1 <@{tale.eli}|eli>": f"<@{tale.eli}> has ACME-1.",
            "assign ACME-1 @Dana": f"<@{tale.dana}> has ACME-1.",
            "assign ACME-1 me": f"<@{tale.mo}> has ACME-1.",
            "assign ACME-1 somebody": ("Say who: mention them, as in */desk assign ACME-1 @dana*."),
            f"note ACME-1 ask <@{tale.eli}|eli> & see <http": (
                "Your note is in the thread of ACME-1 in triage."
            ),
            "resolve ACME-1 Restarted it": (
                "ACME-1 has no severity yet: choose one, then resolve it."
            ),
            "severity ACME-1 low": "ACME-1 is low from the start.",
            "resolve ACME-1": "Say in a few words what was done: the client reads it.",
            "resolve ACME-1 Restarted A & B": (
                "ACME-1 is resolved, and the client is told what was done."
            ),
            "wait ACME-1": "ACME-1 is resolved: reopen it first, then wait on the client.",
            "reopen ACME-1": "ACME-1 is open again.",
        }
        for words, answer in answers.items():
            assert await tale.asks(tale.mo, words) == answer, words

        assert "&gt;ask @eli &amp; see &lt;http" not in tale.pings_in_triage("ACME-1")[-1]
        assert ">ask @eli &amp; see &lt;http" in tale.pings_in_triage("ACME-1")[-1]
        assert any("Restarted A &amp; B" in message.plain() for message in tale.thread(channel, ts))


async def test_quota_client_and_digest_answer_managers(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await two_tickets(tale)
        await tale.add_client("Initech", plan="priority")

        quota = await tale.asks(tale.mo, "quota")
        assert "• Acme (Standard): 1 of 20 tickets (5 %)" in quota
        assert "• Initech (Priority): 0 tickets, unlimited" in quota
        assert "Globex" not in await tale.asks(tale.mo, "quota acme")
        assert "• *GLOBEX* Globex: Standard" in await tale.asks(tale.mo, "client")

        await tale.asks(tale.mo, "severity ACME-1 critical")
        await tale.at(EARLIEST + timedelta(minutes=1))
        for _ in range(2):  # a look changes nothing in the next digest
            digest = str((await tale.asks_whole(tale.mo, "digest"))["blocks"])
            assert "*New breaches*\\n• *ACME-1* Acme" in digest
        await tale.forward(days=1)
        assert any("*New breaches*\n• *ACME-1*" in text for text in tale.said_to_managers())


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("reslove ACME-1", "There is no */desk reslove*. Did you mean *resolve*?"),
        ("xyzzy", "There is no */desk xyzzy*. */desk help* lists every word."),
        ("take", "Name the ticket, as in */desk take ACME-1*."),
        ("take ACEM-1", "There is no ticket ACEM-1 here: check the key on its card. Did you mean"),
        ("take Q-1", "There is no ticket Q-1 here: check the key on its card."),
    ],
)
async def test_an_unknown_subcommand_or_key_is_answered_with_a_suggestion(
    tmp_path: Path, words: str, answer: str
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await two_tickets(tale)
        assert (await tale.asks(tale.dana, words)).startswith(answer)


@pytest.mark.thorough
async def test_help_lists_every_subcommand(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        answer = await tale.asks(tale.dana, "help")
        assert [line.split()[1].strip("*:") for line in answer.splitlines()] == list(WORDS)


@pytest.mark.thorough
async def test_every_subcommand_is_refused_outside_staff(tmp_path: Path) -> None:
    refused = "This is for the support team. Write in your channel and we will take it"
    async with story(tmp_path) as tale, tale.running():
        await two_tickets(tale)
        guest = tale.sandbox.add_user("A guest")
        tale.sandbox.join(guest, tale.triage)
        before = await tale.tickets(), await tale.history("ACME-1")

        for word in WORDS:
            for words in (word, f"{word} ACME-1", f"{word} ACME-1 critical", f"{word} ACME-99"):
                answer = await tale.asks_whole(guest, words)
                texts = [*tale.whispers(guest), answer.get("text", "")]
                assert all(text.startswith(refused) for text in texts if text), words
                assert not answer.get("blocks"), words
            assert (await tale.tickets(), await tale.history("ACME-1")) == before, word
            assert tale.sandbox.views_open(guest) == [], word


@pytest.mark.thorough
async def test_plan_accepts_a_client_or_the_name_of_a_plan(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()
        for name in ("acme", "Standard", "ecosire/standard"):
            answer = await tale.asks(tale.dana, f"plan {name}")
            assert "*Standard* (ecosire, USD 299.00 a month)" in answer, name
            assert "• Critical: 4 hours" in answer
            assert "• Tickets: 20 a month, then USD 25.00 each" in answer
            assert "• Billed apart: Infrastructure, Enhancement request, User training" in answer
        assert "• Support Agreement (ecotone/support-agreement)" in await tale.asks(
            tale.dana, "plan"
        )
        assert "There is no client or plan “gold”: choose" in await tale.asks(
            tale.dana, "plan gold"
        )
