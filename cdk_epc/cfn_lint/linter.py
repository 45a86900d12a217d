"""The parts of cfn-lint that this package uses, with types; cfn-lint publishes none."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cfnlint.helpers import REGION_PRIMARY, REGIONS
from cfnlint.jsonschema import StandardValidator
from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError
from cfnlint.template import Template

from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import is_list, is_mapping

__all__ = ["UNCERTAIN_REGIONS", "CloudFormationLintRule", "RuleMatch", "Template"]

UNCERTAIN_REGIONS: Final = (frozenset({str(REGION_PRIMARY)}), frozenset[str](REGIONS))
"""Regions that say nothing about the deployment: the default of cfn-lint, and all of them."""


def resource_schema(region: str, resource_type: str) -> Mapping[str, Any] | None:
    """Return CloudFormation's schema of a resource type; ``None`` if it is unknown."""
    try:
        found: Any = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, resource_type)
    except ResourceNotFoundError:
        return None
    schema: Mapping[str, Any] = found.schema
    return schema


def is_valid(schema: Mapping[str, Any], value: Any) -> bool:  # noqa: ANN401 - JSON
    """Return whether a value has no violation of a schema."""
    return bool(StandardValidator(schema).is_valid(value))


def follow(template: Any, place: Path) -> tuple[Path, Any]:  # noqa: ANN401 - JSON
    """Return the part of a place that exists in a template, and the value at that part."""
    node = template
    for length, step in enumerate(place):
        if not _has(node, step):
            return place[:length], node
        node = node[step]
    return place, node


def _has(node: Any, step: str | int) -> bool:  # noqa: ANN401 - JSON
    if is_mapping(node):
        return step in node
    return is_list(node) and isinstance(step, int) and 0 <= step < len(node)
