"""Exchanging the signing keys: Secrets Manager is moto's, Instantly its sandbox, Postgres real."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import boto3
import httpx2
import pytest
from moto import mock_aws
from sqlalchemy import Engine, text

from local.instantly_sandbox import make_app
from local.serving import serving
from ops.commands import keys as keys_command
from shared.domain.signing_keys import SigningKeySet, fingerprint
from shared.domain.vocabulary import Provider
from shared.domain.webhook_token import verify_token
from tests.integration.conversations import Conversation
from tests.integration.replyctl_fixtures import Replyctl, as_json, refusal

FIRST = "first-key-of-at-least-32-characters!"


class Stage:
    """A stage in AWS: the secret, and Instantly's sandbox for every workspace."""

    def __init__(self, replyctl: Replyctl, instantly: str, engine: Engine, slept: list[float]) -> None:
        self._replyctl = replyctl
        self._instantly = instantly
        self.engine = engine
        self.slept = slept
        self._secrets = boto3.client("secretsmanager")
        self.arn = self._secrets.create_secret(
            Name="WebhookSigningKeys", SecretString=json.dumps({"current": FIRST, "previous": ""})
        )["ARN"]

    def replyctl(self, *arguments: str) -> Any:
        return self._replyctl(*arguments, WEBHOOK_SIGNING_KEYS=self.arn)

    @property
    def keys(self) -> SigningKeySet:
        return SigningKeySet.parse(self._secrets.get_secret_value(SecretId=self.arn)["SecretString"])

    def put_keys(self, keys: SigningKeySet) -> None:
        self._secrets.put_secret_value(SecretId=self.arn, SecretString=keys.to_json())

    def add_client(self, name: str, *, hook: bool = True) -> UUID:
        client_id = UUID(as_json(self.replyctl("client", "add", name, "--json"))["client"]["id"])
        if hook:
            as_json(self.replyctl("webhook", "register", "--client", str(client_id), "--json"))
        return client_id

    def account_of(self, client_id: UUID) -> str:
        (account,) = as_json(self.replyctl("account", "list", "--client", str(client_id), "--json"))
        return str(account["id"])

    def hook_key(self, client_id: UUID) -> str:
        """Returns the key that the token of the workspace's hook was made with."""
        (hook,) = (hook for hook in self.get("/api/v2/webhooks")["items"] if str(client_id) in hook["target_hook_url"])
        token = hook["headers"]["Authorization"].removeprefix("Bearer ")
        (key,) = (key for key in self.keys.accepted if verify_token(token, client_id, [key], Provider.INSTANTLY))
        return key

    def get(self, path: str) -> Any:
        return httpx2.get(self._instantly + path, headers={"Authorization": "Bearer local"}, trust_env=False).json()

    def faults(self, *rules: dict[str, Any]) -> None:
        httpx2.put(f"{self._instantly}/_faults", json=list(rules), trust_env=False).raise_for_status()

    def execute(self, statement: str, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)


@pytest.fixture
def stage(
    replyctl: Replyctl,
    stack_file: Path,
    engine: Engine,
    conversation: Conversation,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Stage]:
    slept: list[float] = []
    monkeypatch.setattr(keys_command.time, "sleep", slept.append)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with serving(make_app()) as url, mock_aws():
        stack_file.write_text(json.dumps({**json.loads(stack_file.read_text()), "instantly_url": url}))
        stage = Stage(replyctl, url, engine, slept)
        stage.execute("UPDATE client SET name = 'Acme' WHERE id = :id", id=conversation.client_id)
        yield stage


def test_a_rotation_stages_waits_exchanges_and_tells_every_hook(stage: Stage, conversation: Conversation) -> None:
    globex = stage.add_client("Globex")
    before = stage.keys

    done = stage.replyctl("keys", "rotate", "--yes", "--json")

    assert done.exit_code == 0, done.stderr
    after = stage.keys
    assert (after.previous, after.next) == (FIRST, None)
    assert after.current != before.current
    assert stage.slept == [pytest.approx(330, abs=20)]
    assert stage.hook_key(globex) == after.current
    outcome = json.loads(done.stdout)
    assert outcome["told"] == [f"Globex ({globex}), Instantly"]
    assert outcome["without_hook"] == [f"Acme ({conversation.client_id}), Instantly"]
    assert outcome["failed"] == {}
    for output in (done.stdout, done.stderr):
        assert after.current not in output
        assert FIRST not in output


def test_what_is_accepted_never_lacks_the_key_of_a_token_in_use(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verifier that read the keys at any moment of the rotation before the wait accepts what is in use after it."""
    globex = stage.add_client("Globex")
    known_to_verifiers: list[tuple[str, ...]] = []
    monkeypatch.setattr(keys_command.time, "sleep", lambda _: known_to_verifiers.append(stage.keys.accepted))
    assert stage.hook_key(globex) == FIRST
    stage.replyctl("keys", "rotate", "--yes")
    ((*accepted,),) = known_to_verifiers
    assert accepted[0] == FIRST  # which tokens are still made with
    assert stage.hook_key(globex) == accepted[1]


def test_an_interrupted_rotation_goes_on_where_it_stopped(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    globex = stage.add_client("Globex")

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keys_command.time, "sleep", interrupt)
        stage.replyctl("keys", "rotate", "--yes")
    staged = stage.keys
    assert (staged.current, staged.previous) == (FIRST, None)
    assert staged.next is not None
    assert stage.hook_key(globex) == FIRST
    assert "keys rotate" in refusal(stage.replyctl("keys", "retire", "--yes"))
    assert as_json(stage.replyctl("keys", "status", "--json"))["next"] == fingerprint(staged.next)

    assert stage.replyctl("keys", "rotate", "--yes").exit_code == 0
    assert stage.keys == SigningKeySet(staged.next, previous=FIRST)
    assert stage.hook_key(globex) == staged.next


def test_a_staged_key_waits_no_longer_than_it_must(stage: Stage) -> None:
    stage.put_keys(SigningKeySet(FIRST).staged("s" * 64, datetime(2026, 1, 1, tzinfo=UTC)))
    assert stage.replyctl("keys", "rotate", "--yes").exit_code == 0
    assert stage.slept == []
    assert stage.keys.current == "s" * 64


def test_workspaces_that_fail_are_named_and_only_they_are_tried_again(stage: Stage) -> None:
    globex, initech = stage.add_client("Globex"), stage.add_client("Initech")
    stage.faults({"match": "/webhooks/", "method": "PATCH", "status": 401, "count": 1})

    failed = stage.replyctl("keys", "rotate", "--yes", "--json")

    assert failed.exit_code == 1
    assert list(json.loads(failed.stdout)["failed"]) == [f"Globex ({globex}), Instantly"]
    assert stage.hook_key(globex) == FIRST
    assert stage.hook_key(initech) == stage.keys.current
    assert "Globex" in refusal(stage.replyctl("keys", "retire", "--yes"))
    assert stage.keys.previous == FIRST

    current = stage.keys.current
    again = as_json(stage.replyctl("keys", "rotate", "--yes", "--json"))
    assert (again["told"], again["told_before"]) == (
        [f"Globex ({globex}), Instantly"],
        [f"Initech ({initech}), Instantly"],
    )
    assert stage.keys.current == current, "going on is no new rotation"
    assert stage.replyctl("keys", "retire", "--yes").exit_code == 0
    assert stage.keys == SigningKeySet(current)


def test_a_disabled_workspace_is_left_alone_and_reminded_of_its_hook_when_it_is_enabled(stage: Stage) -> None:
    globex = stage.add_client("Globex")
    as_json(stage.replyctl("client", "disable", "Globex", "--yes", "--json"))
    assert stage.replyctl("keys", "rotate", "--yes").exit_code == 0
    assert stage.hook_key(globex) == FIRST
    enabled = stage.replyctl("client", "enable", "Globex")
    assert f"replyctl webhook register --account {stage.account_of(globex)}" in enabled.stderr
    assert stage.replyctl("keys", "rotate", "--yes").exit_code == 0
    assert stage.hook_key(globex) == stage.keys.current
    as_json(stage.replyctl("client", "disable", "Globex", "--yes", "--json"))
    assert "register" not in stage.replyctl("client", "enable", "Globex").stderr


@pytest.mark.parametrize(
    ("case", "is_refused"),
    [
        ("told", False),
        ("told, and the provider does not show it", False),
        ("told, and the provider does not answer", False),
        ("told, and somebody pasted the old token again", True),
        ("never told, and the provider does not show it", True),
        ("never told, and the provider does not answer", True),
    ],
)
def test_the_previous_key_stays_while_a_hook_may_use_it(stage: Stage, case: str, is_refused: bool) -> None:
    globex = stage.add_client("Globex")
    stage.execute("UPDATE client SET disabled_at = now() WHERE name = 'Acme'")  # which has no hook
    hooks = stage.get("/api/v2/webhooks")["items"]
    stage.replyctl("keys", "rotate", "--yes")
    if "pasted" in case:
        put(stage, "/_webhooks", hooks)
    if "show" in case:
        put(stage, "/_webhooks", [{**hook, "headers": {"Authorization": "Bearer ***"}} for hook in hooks])
    if "answer" in case:
        stage.faults({"match": "/webhooks", "method": "GET", "status": 503})
    if "never" in case:
        stage.execute("UPDATE provider_account SET hook_token = NULL WHERE client_id = :id", id=globex)

    retired = stage.replyctl("keys", "retire", "--yes")

    if not is_refused:
        assert retired.exit_code == 0, retired.stderr
        assert stage.keys.previous is None
        return
    assert "Globex" in refusal(retired)
    assert stage.keys.previous == FIRST
    assert stage.replyctl("keys", "retire", "--yes", "--force").exit_code == 0
    assert stage.keys.previous is None


def test_a_hook_that_is_set_by_hand_keeps_the_previous_key_until_it_was_pasted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTLEAD_API_KEYS", "local")
    as_json(stage.replyctl("client", "add", "Globex", "--account", "smartlead", "--json"))
    rotated = json.loads(stage.replyctl("keys", "rotate", "--yes", "--json").stdout)
    ((name, account),) = rotated["by_hand"].items()
    assert name.endswith(", SmartLead")
    assert f"set by hand: replyctl webhook register --account {account}" in refusal(
        stage.replyctl("keys", "retire", "--yes")
    )
    as_json(stage.replyctl("webhook", "register", "--account", account, "--pasted", "--json"))
    assert stage.replyctl("keys", "retire", "--yes").exit_code == 0
    assert stage.keys.previous is None


def put(stage: Stage, path: str, value: object) -> None:
    httpx2.put(stage._instantly + path, json=value, trust_env=False).raise_for_status()


def test_two_rotations_at_once_are_one(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    second: list[str] = []
    monkeypatch.setattr(
        keys_command.time, "sleep", lambda _: second.append(refusal(stage.replyctl("keys", "rotate", "--yes")))
    )
    assert stage.replyctl("keys", "rotate", "--yes").exit_code == 0
    assert ["Another rotation is running" in error for error in second] == [True]


def test_where_the_keys_are_a_plain_value_it_is_said_what_can_be_done(replyctl: Replyctl) -> None:
    for verb in ("status", "rotate", "retire"):
        assert "client token --rotate" in refusal(replyctl("keys", verb))
        keys = json.dumps({"current": FIRST})
        assert "infra.operate" in refusal(replyctl("keys", verb, WEBHOOK_SIGNING_KEYS=keys))


def test_a_secret_that_cannot_be_read_or_holds_no_keys_is_said_so(stage: Stage) -> None:
    gone = f"arn:aws:secretsmanager:us-east-1:123456789012:secret:{uuid4()}"
    assert "cannot be read" in refusal(stage._replyctl("keys", "rotate", "--yes", WEBHOOK_SIGNING_KEYS=gone))
    stage._secrets.put_secret_value(SecretId=stage.arn, SecretString="{}")
    assert "holds no signing keys" in refusal(stage.replyctl("keys", "rotate", "--yes"))


# ── One workspace's token ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_workspaces_new_token_is_told_its_hook_in_the_same_step(stage: Stage) -> None:
    globex = stage.add_client("Globex")
    rotated = stage.replyctl("client", "token", "Globex", "--rotate", "--yes", "--json")
    assert rotated.exit_code == 0
    (hook,) = stage.get("/api/v2/webhooks")["items"]
    (shown,) = json.loads(rotated.stdout)["hooks"]
    assert hook["headers"]["Authorization"] == shown["headers"]["Authorization"]
    assert (
        verify_token(shown["headers"]["Authorization"].removeprefix("Bearer "), globex, [FIRST], Provider.INSTANTLY)
        == 2
    )
    assert f"Told the hook {hook['id']}" in rotated.stderr


@pytest.mark.parametrize("case", ["no hook", "refused"])
def test_what_is_left_to_do_after_a_rotation_is_said(stage: Stage, case: str) -> None:
    globex = stage.add_client("Globex", hook=case != "no hook")
    if case == "refused":
        stage.faults({"match": "/webhooks", "status": 403})
    rotated = stage.replyctl("client", "token", "Globex", "--rotate", "--yes")
    assert rotated.exit_code == 0
    assert f"replyctl webhook register --account {stage.account_of(globex)}" in " ".join(rotated.stderr.split())


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (lambda _: None, "current"),
        (lambda stage: stage.put_keys(SigningKeySet("s" * 64, previous=FIRST)), "of another accepted key"),
        (lambda stage: stage.put_keys(SigningKeySet("s" * 64)), "refused: replyctl webhook register"),
        (
            lambda stage: stage.execute("UPDATE client SET webhook_token_version = 9"),
            "refused: replyctl webhook register",
        ),
        (lambda stage: put(stage, "/_webhooks", [_without_headers(stage)]), "not shown"),
    ],
)
def test_the_status_of_a_hook_says_whether_its_token_is_taken(
    stage: Stage, change: Callable[[Stage], None], shown: str
) -> None:
    stage.add_client("Globex")
    change(stage)
    assert shown in stage.replyctl("webhook", "status", "--client", "Globex").stdout


def _without_headers(stage: Stage) -> dict[str, Any]:
    (hook,) = stage.get("/api/v2/webhooks")["items"]
    return {**hook, "headers": None}
