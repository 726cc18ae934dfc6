"""Turns in Postgres: shared by all workers, all of a request's limits or none, and by one clock."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import Engine, event, text

from local.instantly_sandbox import make_app
from local.serving import serving
from shared.bootstrap.accounts import provider_accounts
from shared.config import ProviderSettings, Secrets
from shared.db.engine import make_engine
from shared.db.rate_budgets import StoredTurns
from shared.domain.accounts import AccountRef
from shared.domain.identifiers import uuid7
from shared.domain.rate_limits import CountedFor, RateLimit, Turn
from shared.domain.vocabulary import ClientId, Provider, Source
from shared.providers.errors import NotSent, RateLimited
from shared.providers.instantly.limits import EMAIL_LISTING
from shared.providers.protocol import Account
from shared.providers.rate_budget import RateBudget
from tests.rate_budgets import MemoryTurns

KEY = "a-key-of-theirs"
MINUTE = RateLimit("minute", count=60, per_s=60.0, burst=1)
HOUR = RateLimit("hour", count=1_000, per_s=3_600.0, burst=4)
PATIENT_S = 10_000.0
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def turns_of(engine: Engine, credential: str = KEY) -> StoredTurns:
    return StoredTurns(engine, Provider.INSTANTLY, credential, None)


def take(engine: Engine, *limits: RateLimit, within_s: float = PATIENT_S, credential: str = KEY) -> Turn:
    return turns_of(engine, credential).take([limit.draw() for limit in limits], within_s=within_s)


def rows(engine: Engine) -> dict[str, float]:
    """The limits that have been used: by name, the seconds until each is wholly free."""
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT name, extract(epoch FROM next_at - clock_timestamp())::float8 AS seconds FROM rate_budget")
        )
        return {row.name: row.seconds for row in found}


def test_turns_keep_the_distance_and_a_burst_goes_at_once(engine: Engine) -> None:
    assert [round(take(engine, MINUTE).in_s, 1) for _ in range(3)] == [0.0, 1.0, 2.0]
    assert [round(take(engine, HOUR).in_s, 1) for _ in range(6)] == pytest.approx([0, 0, 0, 0, 3.6, 7.2], abs=0.2)


def test_a_turn_is_one_statement_in_one_round_trip(engine: Engine) -> None:
    take(engine, MINUTE, HOUR)
    statements: list[str] = []
    event.listen(engine, "after_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    take(engine, MINUTE, HOUR)
    assert len(statements) == 1


def test_all_limits_of_a_request_are_taken_or_none(engine: Engine) -> None:
    take(engine, MINUTE)
    before = rows(engine)
    late = take(engine, MINUTE, HOUR, within_s=0.5)
    assert not late.taken
    assert late.in_s == pytest.approx(1.0, abs=0.3)
    assert rows(engine)["minute"] == pytest.approx(before["minute"], abs=0.3)
    assert rows(engine)["hour"] <= 0
    both = take(engine, HOUR, MINUTE)
    assert both.taken
    assert both.in_s == pytest.approx(1.0, abs=0.3)
    assert rows(engine)["hour"] == pytest.approx(1.0 + HOUR.interval_s, abs=0.3)


def test_postgres_counts_as_the_arithmetic_says(engine: Engine) -> None:
    """The intervals are hours, so that it does not matter how long a statement takes."""
    chance, turns, model = Random(13), turns_of(engine), MemoryTurns()  # noqa: S311
    limits = [
        RateLimit("few", 2, 500_000.0),
        RateLimit("burst", 12, 600_000.0, burst=8),
        RateLimit("even", 5, 400_000.0, burst=5),
    ]
    for _ in range(60):
        draws = [limit.draw(background=chance.random() < 0.3) for limit in chance.sample(limits, chance.randint(1, 3))]
        if chance.random() < 0.1:
            for_s = chance.uniform(0, 900_000)
            turns.hold_back(draws[0], for_s)
            model.hold_back(draws[0], for_s)
        within_s = chance.choice([100.0, 300_000.0, 4_000_000.0])
        taken, expected = turns.take(draws, within_s=within_s), model.take(draws, within_s=within_s)
        assert taken == Turn(pytest.approx(expected.in_s, abs=60.0), expected.taken)


def test_another_key_and_another_limit_have_turns_of_their_own(engine: Engine) -> None:
    take(engine, MINUTE)
    assert take(engine, MINUTE, credential="another").in_s == 0
    assert take(engine, HOUR).in_s == 0


def test_a_limit_of_the_account_is_not_shared_with_the_credentials_other_accounts(engine: Engine) -> None:
    own = RateLimit("messages", count=1, per_s=60.0, counted_for=CountedFor.ACCOUNT)
    one, other = (StoredTurns(engine, Provider.INSTANTLY, KEY, uuid7()) for _ in range(2))
    for turns in (one, other):
        assert turns.take([own.draw()], within_s=0.0).taken
    assert not one.take([own.draw()], within_s=0.0).taken
    one.take([MINUTE.draw()], within_s=0.0)
    assert not other.take([MINUTE.draw()], within_s=0.0).taken


def test_many_workers_never_get_one_turn_twice(database_url: str) -> None:
    """Each worker has a connection of its own, and the first of all make the rows."""
    engines = [make_engine(database_url) for _ in range(8)]
    slow = RateLimit("slow", count=1, per_s=100.0)  # so that it does not matter how long a statement takes

    def work(engine: Engine) -> list[float]:
        turns, taken = turns_of(engine), list[float]()
        for _ in range(10):
            turn = turns.take([HOUR.draw(), slow.draw()], within_s=PATIENT_S)
            taken.append(time.monotonic() + turn.in_s)
        return taken

    with ThreadPoolExecutor(len(engines)) as pool:
        moments = sorted(moment for taken in pool.map(work, engines) for moment in taken)
    for engine in engines:
        engine.dispose()
    assert [round((moment - moments[0]) / slow.interval_s) for moment in moments] == list(range(80))


def test_held_back_nobody_goes_not_even_the_rest_of_a_burst(engine: Engine) -> None:
    take(engine, HOUR)
    turns_of(engine).hold_back(HOUR.draw(), 20.0)
    assert take(engine, HOUR).in_s == pytest.approx(20.0, abs=0.5)
    turns_of(engine).hold_back(HOUR.draw(), 1.0)
    assert take(engine, HOUR).in_s > 20, "a shorter wait takes nothing back"


def test_in_the_background_a_part_of_the_burst_is_left_to_others(engine: Engine) -> None:
    background = [HOUR.draw(background=True)]
    assert [turns_of(engine).take(background, within_s=0.0).taken for _ in range(4)] == [True, True, True, False]
    assert take(engine, HOUR, within_s=0.0).taken


def test_a_turn_that_comes_too_late_is_left_to_others(engine: Engine) -> None:
    slept: list[float] = []
    budget = RateBudget(turns_of(engine), [MINUTE], sleep=slept.append)
    for _ in range(2):
        budget.take(timeout_s=5.0)
    with pytest.raises(RateLimited) as limited:
        budget.take(timeout_s=0.5)
    assert limited.value.retry_after_s == pytest.approx(2.0, abs=0.3)
    budget.take(timeout_s=5.0)
    assert slept == pytest.approx([1.0, 2.0], abs=0.3)


def test_a_database_that_is_away_gives_no_permission() -> None:
    engine = make_engine("postgresql://nobody@127.0.0.1:9/none")
    asked: list[str] = []
    budget = RateBudget(turns_of(engine), [MINUTE])
    with pytest.raises(NotSent) as refused:
        budget.call(lambda _: asked.append("asked"), timeout_s=5.0)
    assert asked == []
    assert KEY not in str(refused.value)
    budget.hold_back(asked_s=5.0)  # cannot be kept, and is no error


def test_all_processes_that_open_accounts_of_one_key_share_its_turns(database_url: str) -> None:
    keys = {f"{provider}_API_KEYS": KEY for provider in Provider}
    with serving(make_app()) as url, ExitStack() as opened:

        def account() -> Account:
            engine = make_engine(database_url)
            opened.callback(engine.dispose)
            settings = ProviderSettings.model_validate({**keys, "INSTANTLY_BASE_URL": url})
            account = provider_accounts(settings, Secrets(), engine)(AccountRef(ClientId(uuid7()), Provider.INSTANTLY))
            opened.callback(account.close)
            return account

        assert list(account().missed(Source.API, LONG_AGO, timeout_s=1.0)) == []
        with pytest.raises(RateLimited) as limited:
            list(account().missed(Source.API, LONG_AGO, timeout_s=1.0))
    assert limited.value.retry_after_s == pytest.approx(EMAIL_LISTING.interval_s, abs=2.0)


def test_idle_limits_go_when_new_ones_come_and_used_ones_stay(engine: Engine) -> None:
    take(engine, MINUTE, HOUR)
    with engine.begin() as connection:
        connection.execute(text("UPDATE rate_budget SET next_at = now() - interval '2 days' WHERE name = 'hour'"))
    daily = RateLimit("day", count=100, per_s=86_400.0)
    assert take(engine, daily, credential="another").taken
    assert set(rows(engine)) == {"minute", "day"}
    assert take(engine, MINUTE, HOUR).taken
    assert set(rows(engine)) == {"minute", "hour", "day"}


def test_no_key_is_kept(engine: Engine) -> None:
    take(engine, MINUTE)
    with engine.connect() as connection:
        scopes: Sequence[bytes] = connection.execute(text("SELECT scope FROM rate_budget")).scalars().all()
    assert all(len(scope) == 32 and KEY.encode() not in scope for scope in scopes)
