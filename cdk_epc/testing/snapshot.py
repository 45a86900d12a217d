"""Extension of syrupy that stores templates as JSON files."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk.assertions import Template

from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.testing.templates import stable_template

if find_spec("syrupy") is None:
    raise ModuleNotFoundError(
        "snapshots of templates need syrupy; install it with: pip install 'cdk-epc[testing]'",
        name="syrupy",
    )
from syrupy.extensions.json import JSONSnapshotExtension

if TYPE_CHECKING:
    from syrupy.types import SerializedData


class TemplateSnapshotExtension(JSONSnapshotExtension):
    """Snapshots of stacks and templates, one JSON file each, as `stable_template` returns them.

    Other values are stored as JSON without changes.
    """

    def serialize(self, data: Any, **options: Any) -> SerializedData:  # noqa: ANN401 - any value can be compared
        """Return the text of a snapshot."""
        if isinstance(data, (cdk.Stack, Template)) or is_mapping(data):
            data = stable_template(data)
        return super().serialize(data, **options)
