"""Components in templates: read-only members, and members that only the API has."""

from __future__ import annotations

from typing import Any

from kit.requests import changed
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


def test_read_only_members_are_refused() -> None:
    findings = [
        (finding.rule_id, finding.message, finding.fix)
        for path in READ_ONLY
        for finding in check_template(
            template(changed(FULL_SUBJECTS["component"]["whole"], path, "it"))
        )
    ]
    assert findings == [
        (
            "member-unknown",
            f"{path} 'it' is not allowed in a request; only descriptions have it",
            "Remove the member: SageMaker sets it, and callers cannot.",
        )
        for path in READ_ONLY
    ]


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


def test_valid_components_have_no_findings() -> None:
    components = FULL_SUBJECTS["component"]
    assert {name: check_template(template(components[name])) for name in components} == {
        name: [] for name in components
    }
