"""The app after its tokens are revoked."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox


async def test_a_revoked_token_is_refused_by_every_method(
    sandbox: Sandbox,
    client: AsyncWebClient,
    app: AsyncApp,
    connect: Any,
    eventually: Any,
    refused: Any,
) -> None:
    """tokens_revoked, then token_revoked as the answer to every call."""
    bodies: list[Any] = []

    @app.event("tokens_revoked")
    async def listen(event: Any) -> None:
        bodies.append(event["tokens"])

    await connect()
    sandbox.revoke_tokens()
    await eventually(lambda: bodies == [{"oauth": [], "bot": [sandbox.bot_user_id]}])
    assert (await refused(client.auth_test()))["error"] == "token_revoked"
    opening = client.apps_connections_open(app_token=sandbox.app_token)
    assert (await refused(opening))["error"] == "token_revoked"
