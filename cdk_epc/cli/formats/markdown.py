"""Report in Markdown, for a comment on a pull request or the summary of a job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from cdk_epc.cli.formats.text import summary
from cdk_epc.cli.formats.update_plan import duration, effect, rows, title, totals
from cdk_epc.cli.result import RunResult, UpdateResult
from cdk_epc.rules.finding import Finding
from cdk_epc.rules.printable import printable
from cdk_epc.updates.deployment import EndpointPlan

_PLAIN: Final = frozenset(" ,;()/'\"=?-")
"""Punctuation without a meaning in the middle of a line of Markdown."""


def lines_of(result: RunResult) -> Iterator[str]:
    """Yield the report of a check: unusable inputs and findings."""
    yield "### Check of SageMaker endpoints"
    yield from _findings(result, "Place", _place)


def lines_of_update(update: UpdateResult) -> Iterator[str]:
    """Yield the findings, then each endpoint with a diagram of its traffic."""
    yield "### Update of SageMaker endpoints"
    yield from _findings(update.result, "Resource", lambda each: each.resource or "")
    for plan in update.plans:
        yield ""
        yield from _plan(plan)
    lines = list(totals(update))
    if lines or update.notes:
        yield ""
    for line in lines:
        yield f"- {escaped(line)}"
    for note in update.notes:
        yield f"- **{escaped(title(note))}**: {escaped(note.text)}"


def _findings(result: RunResult, heading: str, place: Callable[[Finding], str]) -> Iterator[str]:
    """Yield the summary, the unusable inputs and the findings in tables.

    Args:
        result: Result of the run.
        heading: Heading of the column that says where a finding is.
        place: Function for that column.
    """
    yield ""
    yield f"{escaped(summary(result))}."
    for input_ in result.unusable:
        yield ""
        yield f"- **unusable input** {escaped(str(input_))}"
    if result.findings:
        yield ""
        yield f"| Severity | Rule | {heading} | Finding | Fix |"
        yield "|---|---|---|---|---|"
        for finding in result.findings:
            yield _row(finding, place(finding), finding.fix)
    if result.acknowledged:
        yield ""
        yield f"| Severity | Rule | {heading} | Acknowledged finding | Reason |"
        yield "|---|---|---|---|---|"
        for finding in result.acknowledged:
            yield _row(finding, place(finding), finding.acknowledged or "")


def _place(finding: Finding) -> str:
    line = "" if finding.line is None else f":{finding.line}"
    resource = "" if finding.resource is None else f" ({finding.resource})"
    return f"{finding.file}{line}{resource}"


def _row(finding: Finding, place: str, last: str) -> str:
    cells = (str(finding.severity), f"`{finding.rule_id}`", escaped(place))
    return f"| {' | '.join((*cells, escaped(finding.message), escaped(last)))} |"


def _plan(plan: EndpointPlan) -> Iterator[str]:
    yield f"**{escaped(title(plan))}**: {escaped(effect(plan))}"
    yield ""
    for label, value in rows(plan):
        yield f"- {escaped(label)}: {escaped(value)}"
    if plan.traffic is not None:
        yield ""
        yield "```mermaid"
        yield "flowchart LR"
        yield '  s0["old fleet: 100 %"]'
        steps = plan.traffic
        for index, percentage in enumerate(steps.percentages, 1):
            wait = f'|"wait {duration(steps.wait)}"|' if steps.wait and index > 1 else ""
            yield f'  s{index - 1} -->{wait} s{index}["new fleet: {percentage} %"]'
        yield "```"


def escaped(text: str) -> str:
    """Return text as it is, without markup, links and mentions.

    Names and values come from untrusted files. Punctuation is written as character references, and
    a zero-width space after ``@`` and ``#`` keeps GitHub from linking users and issues.
    """
    return "".join(map(_character, printable(text)))


def _character(character: str) -> str:
    if character.isalnum() or character in _PLAIN:
        return character
    reference = f"&#{ord(character)};"
    return f"{reference}&#8203;" if character in "@#" else reference
