"""Rules on adapters; `test_subjects.py` has a table."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from kit.requests import changed
from kit.subjects import FULL_SUBJECTS, component, component_context

from cdk_epc.rules import adapters, check
from cdk_epc.spec.unresolved import Reference, Unresolved


@pytest.mark.parametrize(
    ("reference", "findings"),
    [
        (Reference("AWS::SageMaker::Endpoint", "A", "EndpointName"), []),
        (Reference("AWS::SageMaker::Endpoint", "B", "EndpointName"), ["adapter-endpoint-mismatch"]),
        (None, []),
    ],
)
def test_references_to_the_endpoints_of_adapter_and_base(
    reference: Reference | None, findings: list[str]
) -> None:
    name = Unresolved({"Fn": "a"}, Reference("AWS::SageMaker::Endpoint", "A", "EndpointName"))
    subject: Any = component_context(FULL_SUBJECTS["component_context"]["adapter"])
    subject = attrs.evolve(
        subject,
        component=attrs.evolve(subject.component, endpoint_name=name),
        base=attrs.evolve(subject.base, endpoint_name=Unresolved({"Fn": "b"}, reference)),
    )
    assert [each.rule_id for each in check(subject)] == findings


def test_a_reference_to_another_endpoint_is_named() -> None:
    name, other = (
        Unresolved({}, Reference("AWS::SageMaker::Endpoint", id_, "EndpointName")) for id_ in "AB"
    )
    subject: Any = component_context(FULL_SUBJECTS["component_context"]["adapter"])
    subject = attrs.evolve(
        subject,
        component=attrs.evolve(subject.component, endpoint_name=name),
        base=attrs.evolve(subject.base, endpoint_name=other),
    )
    assert [each.message for each in check(subject)] == [
        "EndpointName is a reference to A; must be the endpoint of the base component"
    ]


SETTINGS: dict[str, Any] = {
    "Specification.ModelName": "assistant-7",
    "Specification.StartupParameters": {"ModelDataDownloadTimeoutInSeconds": 600},
    "Specification.DataCacheConfig": {"EnableCaching": True},
    "Specification.SchedulingConfig": {
        "PlacementStrategy": "SPREAD",
        "AvailabilityZoneBalance": {"EnforcementMode": "PERMISSIVE", "MaxImbalance": 1},
    },
    "Specification.Container.Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:7",
    "Specification.Container.Environment": {"LEVEL": "info"},
    "Specification.Container.ContainerMetricsConfig": {
        "MetricsEndpoints": [{"MetricsEndpointPath": "/metrics"}]
    },
    "VariantName": "shared",
    "RuntimeConfig": {"CopyCount": 1},
}


def test_settings_that_an_adapter_has_from_its_base_component() -> None:
    (rule,) = (each for each in adapters.RULES if each.id == "adapter-with-base-settings")
    good = FULL_SUBJECTS["component"]["adapter"]
    found = {
        place: [
            (each.path, each.message)
            for each in check(component(changed(good, place, value)), [rule])
        ]
        for place, value in SETTINGS.items()
    }
    reason = "is not allowed on an adapter, which has this setting from its base component"
    assert found == {place: [(place, f"{place} {reason}")] for place in SETTINGS}
