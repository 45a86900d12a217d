"""Components in templates: read-only members, and members that only the API has."""

from __future__ import annotations

from typing import Any

import pytest
from kit.specs import changed
from kit.subjects import FULL_SUBJECTS

from cdk_epc import check_template
from cdk_epc.spec import (
    ComponentContainer,
    ComponentRuntimeConfig,
    ComponentSpecification,
    InferenceComponentSpec,
    InstanceTypeSpecification,
)
from tools.published.copies import CFN_LINT, installed
from tools.published.models import COMPONENT, cfn_schema


def template(properties: dict[str, Any]) -> dict[str, Any]:
    """Return a template with one component."""
    component = {"Type": "AWS::SageMaker::InferenceComponent", "Properties": properties}
    return {"Resources": {"Component": component}}


READ_ONLY = [
    "InferenceComponentArn",
    "InferenceComponentStatus",
    "CreationTime",
    "LastModifiedTime",
    "FailureReason",
    "RuntimeConfig.CurrentCopyCount",
    "RuntimeConfig.DesiredCopyCount",
    "RuntimeConfig.PlacementStatus",
    "Specification.Container.DeployedImage",
    "Specification.CurrentDataCacheConfig",
]


@pytest.mark.parametrize("place", READ_ONLY)
def test_read_only_member_is_refused(place: str) -> None:
    properties = changed(FULL_SUBJECTS["component"]["whole"], place, "it")
    (finding,) = check_template(template(properties))
    assert (finding.rule_id, finding.message, finding.fix) == (
        "member-unknown",
        f"{place} is 'it'; allowed: nothing, only descriptions have it",
        "Take it out: SageMaker says it, and nobody can set it.",
    )


def test_every_read_only_member_of_cloudformation_is_covered() -> None:
    schema = cfn_schema(installed(CFN_LINT), COMPONENT.name)
    published = {
        place.removeprefix("/properties/").replace("/*", "").replace("/", ".")
        for place in schema["readOnlyProperties"]
    }
    assert published == {*READ_ONLY, "Specifications.CurrentDataCacheConfig"}
    ours = {
        *InferenceComponentSpec.READ_ONLY,
        *(f"RuntimeConfig.{name}" for name in ComponentRuntimeConfig.READ_ONLY),
        *(f"Specification.{name}" for name in ComponentSpecification.READ_ONLY),
        *(f"Specifications.{name}" for name in InstanceTypeSpecification.READ_ONLY),
        *(f"Specification.Container.{name}" for name in ComponentContainer.READ_ONLY),
    }
    assert ours == published


def test_misspelt_member_is_reported() -> None:
    properties = {**FULL_SUBJECTS["component"]["plain"], "Variant_Name": "shared"}
    (finding,) = check_template(template(properties))
    assert finding.fix == "Did you mean VariantName?"


@pytest.mark.parametrize("name", FULL_SUBJECTS["component"])
def test_valid_component_has_no_findings(name: str) -> None:
    assert check_template(template(FULL_SUBJECTS["component"][name])) == []
