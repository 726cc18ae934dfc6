"""replyctl explain: the verdict of the rules, and of the model if wanted, on replies in a file. Needs no stack."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from ops.errors import CommandError
from ops.files import GivenFile, file_argument
from ops.line_by_line import print_results
from ops.options import AsJson
from ops.output import say

if TYPE_CHECKING:
    from shared.pipelines.people.explain_reply import Classify

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


HELP = (
    "Say what would happen to each reply of a file, one JSON line per line, without any stack.\n\n"
    "A line holds id, channel (EMAIL, SMS or LINKEDIN; EMAIL if missing), subject, text, html and event_type, each of"
    " which may be missing. The result holds id,"
    " clean_text, signature_text, suppress, hold (it may be an opt-out: somebody must look), rule, evidence, tag (null"
    " when no certain rule speaks and --ai is not given) and is_auto_reply.\n\n"
    "A line that cannot be read has its error as result, the others are still explained, and the exit code is 1."
)


@app.command("explain", help=HELP)
def explain(
    file: Annotated[GivenFile, file_argument("FILE.jsonl", "One JSON object per line; - reads standard input.")],
    ai: Annotated[
        bool,
        typer.Option(
            "--ai",
            help="Ask the model where no certain rule speaks: OpenAI with OPENAI_API_KEY, else offline rules.",
        ),
    ] = False,
    as_json: AsJson = False,  # noqa: ARG001 (the result is JSON in any case)
) -> None:
    """Print one result for each line of ``file``, in its order."""
    from shared.pipelines.people.explain_reply import explain_lines

    lines = file.content.split(b"\n")
    with _classifier(ai) as classify:
        print_results("Explaining", lines, explain_lines(lines, classify))


@contextmanager
def _classifier(ai: bool) -> Iterator[Classify | None]:
    if not ai:
        yield None
        return
    from shared.ai.client import ModelClient
    from shared.ai.errors import ModelError
    from shared.pipelines.people.explain_reply import model_classifier

    try:
        with _model_server() as (key, base_url), closing(ModelClient(key, base_url)) as client:
            yield model_classifier(client, record=lambda _: None)
    except ModelError as error:
        raise CommandError(
            f"The model gave no result: {error}.", "The lines so far are explained; try the rest later."
        ) from None


@contextmanager
def _model_server() -> Iterator[tuple[str, str | None]]:
    key = os.environ.get("OPENAI_API_KEY")
    if key:
        yield key, os.environ.get("OPENAI_BASE_URL") or None
        return
    from evals.offline_model import offline_model

    say("The model is the offline rules server; OPENAI_API_KEY switches to OpenAI.", stderr=True)
    with offline_model() as base_url:
        yield "offline", base_url
