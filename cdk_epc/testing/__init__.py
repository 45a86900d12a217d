"""Helpers for tests of CDK apps, and a plugin for pytest with fixtures.

pytest loads the plugin at its start. Therefore names are imported on first use (PEP 562), and
``aws_cdk`` with the first fixture that needs it.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Final

from cdk_epc._lazy_names import lazy_names
from cdk_epc._node import require_node

if TYPE_CHECKING:
    from cdk_epc.testing.assertions import assert_finding, assert_no_findings
    from cdk_epc.testing.project import project_context
    from cdk_epc.testing.snapshot import TemplateSnapshotExtension
    from cdk_epc.testing.templates import stable_template, synth

_HOMES: Final = {
    "cdk_epc.testing.assertions": ("assert_finding", "assert_no_findings"),
    "cdk_epc.testing.project": ("project_context",),
    "cdk_epc.testing.snapshot": ("TemplateSnapshotExtension",),
    "cdk_epc.testing.templates": ("stable_template", "synth"),
}
_WITHOUT_CDK: Final = frozenset({"cdk_epc.testing.project"})
"""Modules that work without CDK and Node."""

__all__ = [
    "TemplateSnapshotExtension",
    "assert_finding",
    "assert_no_findings",
    "project_context",
    "stable_template",
    "synth",
]


def _imported(home: str) -> ModuleType:
    if home not in _WITHOUT_CDK:
        require_node()
    return import_module(home)


__getattr__, __dir__ = lazy_names(__name__, _HOMES, _imported)
