"""Every type of job has a queue, a use case and words for what it may wait for."""

from __future__ import annotations

import pytest

from ops.wording import WAITS
from shared.domain.vocabulary import POST_PROCESS_TYPES, WAITING_FOR_PAUSE, JobType, Pausable, WaitingFor
from shared.pipelines.run_job import POST_PROCESS_JOBS
from shared.providers.protocol import Provider
from shared.providers.registry import PROVIDERS


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=lambda provider: provider.name)
def test_the_replies_of_every_provider_are_processed(provider: Provider) -> None:
    assert provider.job_type in POST_PROCESS_TYPES
    assert provider.job_type in POST_PROCESS_JOBS


def test_every_type_but_scoring_has_its_use_case_on_the_post_process_queue() -> None:
    assert set(POST_PROCESS_JOBS) == set(JobType) - {JobType.LEAD_SCORING}


def test_a_job_waits_for_each_pause_under_its_name_and_everything_waited_for_has_words() -> None:
    assert [WaitingFor(what.value) for what in Pausable] == list(WAITING_FOR_PAUSE)
    assert set(WAITS) == set(WaitingFor)
