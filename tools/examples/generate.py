"""Examples files with the findings that the rules report today."""

from __future__ import annotations

from typing import Any, Final

from cdk_epc.rules.explain import example_files, example_of, json_text
from tools.errors import ToolError
from tools.examples.findings import findings_of

FOLDER: Final = "cdk_epc/rules/examples"
_WIDTH: Final = 100


def generate() -> dict[str, str]:
    """Return the text of every examples file by its path in the repository.

    Raises:
        ToolError: A good input has a finding, or a bad one does not have exactly its own.
    """
    return {
        f"{FOLDER}/{topic}.json": json_text(
            {rule_id: _entry(rule_id, entry) for rule_id, entry in entries.items()}, _WIDTH
        )
        + "\n"
        for topic, entries in example_files().items()
    }


def _entry(rule_id: str, entry: dict[str, Any]) -> dict[str, Any]:
    example = example_of(rule_id)
    assert example is not None  # noqa: S101 - it is one of the files that `example_of` reads
    if good := findings_of(rule_id, example, example.good):
        raise ToolError(f"the good example of {rule_id} has findings: {good}")
    bad = findings_of(rule_id, example, example.bad)
    if [each.pop("rule_id") for each in bad] != [rule_id]:
        raise ToolError(f"the bad example of {rule_id} does not have exactly this finding: {bad}")
    return {**entry, "finding": bad[0]}
