"""Report as workflow commands, which GitHub shows as annotations of the changed lines.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterator

from cdk_epc.cli.formats.text import summary
from cdk_epc.cli.result import RunResult, UpdateResult
from cdk_epc.rules.finding import Finding
from cdk_epc.rules.printable import printable


def lines_of(result: RunResult) -> Iterator[str]:
    """Yield one command for each finding and unusable input, then the summary."""
    for finding in result.findings:
        yield _command(str(finding.severity), _position(finding), _message(finding))
    for finding in result.acknowledged:
        reason = printable(finding.acknowledged or "")
        message = f"{printable(finding.message)}\nacknowledged: {reason}"
        yield _command("notice", _position(finding), message)
    for input_ in result.unusable:
        properties: dict[str, object] = {"file": input_.file, "title": "unusable input"}
        yield _command("error", properties, printable(input_.message))
    yield summary(result)


def lines_of_update(update: UpdateResult) -> Iterator[str]:
    """Yield the commands of a check, and a notice for each updated endpoint."""
    from cdk_epc.cli.formats.update_plan import effect, rows  # noqa: PLC0415 - a check has none

    for plan in update.plans:
        facts = [f"{label}: {printable(value)}" for label, value in rows(plan)]
        text = "\n".join([f"{printable(plan.logical_id)}: {effect(plan)}", *facts])
        yield _command("notice", {"file": plan.stack, "title": "endpoint update"}, text)
    yield from lines_of(update.result)


def _position(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.file,
        "line": finding.line,
        "col": finding.column,
        "title": finding.rule_id,
    }


def _message(finding: Finding) -> str:
    source = f"\nsource: {printable(finding.source_url)}" if finding.source_url else ""
    resource = f"{printable(finding.resource)}: " if finding.resource else ""
    return f"{resource}{printable(finding.message)}\nfix: {printable(finding.fix)}{source}"


def _command(name: str, properties: dict[str, object], message: str) -> str:
    given = ",".join(
        f"{key}={_property(str(value))}" for key, value in properties.items() if value is not None
    )
    return f"::{name} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return printable(_data(text)).replace(":", "%3A").replace(",", "%2C")
