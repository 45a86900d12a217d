"""Helpers for tests of CDK apps, and a plugin for pytest with fixtures.

pytest loads the plugin at its start. Therefore names are imported on first use (PEP 562), and
``aws_cdk`` with the first fixture that needs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from cdk_epc._node import require_node

if TYPE_CHECKING:
    from cdk_epc.testing.assertions import assert_finding, assert_no_findings
    from cdk_epc.testing.project import project_context
    from cdk_epc.testing.snapshot import TemplateSnapshotExtension
    from cdk_epc.testing.templates import stable_template, synth

_HOMES: Final = {
    "TemplateSnapshotExtension": "snapshot",
    "assert_finding": "assertions",
    "assert_no_findings": "assertions",
    "project_context": "project",
    "stable_template": "templates",
    "synth": "templates",
}

_WITHOUT_CDK: Final = frozenset({"project"})
"""Modules that work without CDK and Node."""

__all__ = [
    "TemplateSnapshotExtension",
    "assert_finding",
    "assert_no_findings",
    "project_context",
    "stable_template",
    "synth",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type checkers read the imports above
    if name in _HOMES:
        if _HOMES[name] not in _WITHOUT_CDK:
            require_node()
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
