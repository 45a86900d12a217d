"""Examples files with the current findings of the rules."""

from __future__ import annotations

from typing import Any, Final

from cdk_epc.rules.explain import example_files, example_of, json_text
from tools.errors import ToolError
from tools.examples.findings import findings_of, python_fix_of

FOLDER: Final = "cdk_epc/rules/examples"
_WIDTH: Final = 100


def generate() -> dict[str, str]:
    """Return the text of every examples file by its path in the repository.

    Raises:
        ToolError: A good input has a finding, or a bad one does not have exactly its own.
    """
    texts: dict[str, str] = {}
    problems: list[str] = []
    for topic, entries in example_files().items():
        updated = {rule_id: _entry(rule_id, entry, problems) for rule_id, entry in entries.items()}
        texts[f"{FOLDER}/{topic}.json"] = json_text(updated, _WIDTH) + "\n"
    if problems:
        raise ToolError("\n".join(problems))
    return texts


def _entry(rule_id: str, entry: dict[str, Any], problems: list[str]) -> dict[str, Any]:
    """Return an entry with its current finding; a problem is added to the list."""
    example = example_of(rule_id)
    assert example is not None  # noqa: S101 - `example_of` reads the same files
    if good := findings_of(rule_id, example, example.good):
        problems.append(f"the good example of {rule_id} has findings: {good}")
    bad = findings_of(rule_id, example, example.bad)
    if [each.pop("rule_id") for each in bad] != [rule_id]:
        problems.append(f"the bad example of {rule_id} does not have exactly this finding: {bad}")
        return entry
    updated = {**entry, "finding": bad[0]}
    if (fix := python_fix_of(rule_id, example)) is not None:
        updated["python_fix"] = fix
    else:
        updated.pop("python_fix", None)
    return updated
