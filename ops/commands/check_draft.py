"""replyctl check-draft: what the output checks find in the drafts of a file, and what those promise. No stack."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.errors import CommandError
from ops.files import GivenFile, file_argument, given_file
from ops.line_by_line import print_results
from ops.options import AsJson

app = typer.Typer(add_completion=False, rich_markup_mode="rich")

HELP = (
    "Check each draft of a file as the pipeline would, one JSON line per line, without any stack.\n\n"
    "A line holds draft (the whole text) and context: workspace (a name in the file of workspaces), channel (EMAIL, SMS"
    " or LINKEDIN; EMAIL if missing), reply, quoted_original, history, knowledge_added, lead (first name, last name,"
    " company), replier_is_lead and now. The result holds findings (check, words) and commitments (kind, words).\n\n"
    "A line that cannot be read has its error as result, the others are still checked, and the exit code is 1."
)


@app.command("check-draft", help=HELP)
def check_draft(
    file: Annotated[GivenFile, file_argument("FILE.jsonl", "One JSON object per line; - reads standard input.")],
    workspaces: Annotated[
        GivenFile,
        typer.Option(
            "--workspaces",
            metavar="FILE.json",
            help="One JSON object: the workspaces by name.",
            parser=given_file,
            show_default=False,
        ),
    ],
    as_json: AsJson = False,  # noqa: ARG001 (the result is JSON in any case)
) -> None:
    """Print one result for each line of ``file``, in its order."""
    from shared.pipelines.people.explain_draft import explain_drafts, parse_workspaces
    from shared.pipelines.people.explain_reply import LineError

    try:
        known = parse_workspaces(workspaces.content)
    except LineError as failure:
        raise CommandError(f"{workspaces.name} cannot be read: {failure}.") from None
    lines = file.content.split(b"\n")
    print_results("Checking", lines, explain_drafts(lines, known), ensure_ascii=False)
