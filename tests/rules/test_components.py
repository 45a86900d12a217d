"""Each rule of components: a good one, one change, and the whole finding that comes of it."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from kit.specs import changed
from kit.subjects import (
    FULL_SUBJECTS,
    MAKERS,
    bad_rows,
    bad_subject,
    component,
    component_context,
    expected,
)

from cdk_epc.rules import (
    adapters,
    check,
    component_updates,
    components,
)
from cdk_epc.rules import (
    component_context as component_neighbours,
)
from cdk_epc.spec.unresolved import Reference, Unresolved

KINDS = ("component", "component_in_place")
BAD = bad_rows(*KINDS)
GOOD = [(kind, name) for kind in KINDS for name in FULL_SUBJECTS[kind]]
COMPUTE = "Specification.ComputeResourceRequirements"
ROLLING = "DeploymentConfig.RollingUpdatePolicy"


@pytest.mark.parametrize(("kind", "name"), GOOD)
def test_good_component_has_no_finding(kind: str, name: str) -> None:
    assert check(MAKERS[kind](FULL_SUBJECTS[kind][name])) == []


@pytest.mark.parametrize("row", BAD, ids=[row["id"] for row in BAD])
def test_one_change_to_a_component_gives_exactly_these_findings(row: dict[str, Any]) -> None:
    assert check(bad_subject(row)) == expected(row)


IN_TEMPLATES = {"component-name-is-arn"}
"""Rules about references, which JSON cannot show; see below."""


def test_the_table_covers_every_rule_of_components() -> None:
    in_table = {finding["rule_id"] for row in BAD for finding in row["findings"]}
    modules = (components, component_updates, component_neighbours, adapters)
    assert {rule.id for each in modules for rule in each.RULES} - in_table == IN_TEMPLATES


@pytest.mark.parametrize(
    ("at", "name", "edges"),
    [
        (f"{ROLLING}.MaximumBatchSize.Value", "in fives", [5, 50]),
        (f"{ROLLING}.RollbackMaximumBatchSize.Value", "whole", [1, 100]),
        (f"{COMPUTE}.MinMemoryRequiredInMb", "whole", [128, 16384]),
        (f"{COMPUTE}.NumberOfCpuCoresRequired", "whole", [0.25, 1000]),
        ("Specification.SchedulingConfig.AvailabilityZoneBalance.MaxImbalance", "whole", [0, 100]),
        (f"{ROLLING}.MaximumExecutionTimeoutInSeconds", "in copies", [601, 28800]),
        ("RuntimeConfig.CopyCount", "model", [0, 1]),
    ],
)
def test_the_edges_are_allowed(at: str, name: str, edges: list[float]) -> None:
    full = FULL_SUBJECTS["component"][name]
    assert [check(component(changed(full, at, value))) for value in edges] == [[], []]


def test_a_batch_of_one_copy_is_never_too_large() -> None:
    """Of a single copy there is no half."""
    full = changed(FULL_SUBJECTS["component"]["in copies"], "RuntimeConfig.CopyCount", 1)
    assert check(component(changed(full, f"{ROLLING}.MaximumBatchSize.Value", 1))) == []


ARNS = {
    ("AWS::SageMaker::Endpoint", None): "EndpointName",
    ("AWS::SageMaker::Endpoint", "EndpointArn"): "EndpointName",
    ("AWS::SageMaker::Model", "ModelArn"): "ModelName",
}


@pytest.mark.parametrize(("type_", "attribute"), ARNS)
def test_an_arn_is_no_name(type_: str, attribute: str | None) -> None:
    name = Unresolved({"Fn": "it"}, Reference(type_, "It", attribute))
    (finding,) = check(attrs.evolve(plain(), endpoint_name=name))
    assert str(finding) == (
        "error component-name-is-arn: EndpointName: the ARN of It; allowed: a name\n"
        f'    fix: Take {{"Fn::GetAtt": ["It", "{ARNS[type_, attribute]}"]}}.\n'
        "    source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
        "aws-resource-sagemaker-inferencecomponent.html"
    )


def test_the_arn_of_a_base_is_no_name_and_there_is_no_attribute_for_one() -> None:
    ref = Unresolved({"Ref": "Base"}, Reference("AWS::SageMaker::InferenceComponent", "Base"))
    full: Any = component(FULL_SUBJECTS["component"]["adapter"])
    running = attrs.evolve(full.specification, base_inference_component_name=ref)
    (finding,) = check(attrs.evolve(full, specification=running))
    assert (finding.path, finding.message.partition(": ")[2], finding.fix) == (
        "Specification.BaseInferenceComponentName",
        "the ARN of Base; allowed: a name",
        "Give the base a name, and write that here; CloudFormation has no attribute for it.",
    )


@pytest.mark.parametrize("attribute", ["EndpointName", "Unheard"])
def test_other_attributes_are_left_alone(attribute: str) -> None:
    name = Unresolved({"Fn": "it"}, Reference("AWS::SageMaker::Endpoint", "It", attribute))
    assert check(attrs.evolve(plain(), endpoint_name=name)) == []


def plain() -> Any:
    """A component without any finding."""
    return component(FULL_SUBJECTS["component"]["plain"])


ENDPOINTS = [
    (Reference("AWS::SageMaker::Endpoint", "A", "EndpointName"), 0),
    (Reference("AWS::SageMaker::Endpoint", "B", "EndpointName"), 1),
    (None, 0),
]


@pytest.mark.parametrize(("refers", "count"), ENDPOINTS)
def test_adapter_and_base_that_refer_to_their_endpoint(refers: Reference, count: int) -> None:
    here = Unresolved({"Fn": "a"}, Reference("AWS::SageMaker::Endpoint", "A", "EndpointName"))
    subject: Any = component_context(FULL_SUBJECTS["component_in_place"]["adapter"])
    subject = attrs.evolve(
        subject,
        component=attrs.evolve(subject.component, endpoint_name=here),
        base=attrs.evolve(subject.base, endpoint_name=Unresolved({"Fn": "b"}, refers)),
    )
    assert [each.rule_id for each in check(subject)] == ["adapter-endpoint-mismatch"] * count


@pytest.mark.parametrize("type_", ["ml.inf2.xlarge", "ml.x99.large"])
def test_what_the_catalogue_does_not_count_fits(type_: str) -> None:
    """Nobody says whether Neuron is counted in devices or in cores."""
    full = FULL_SUBJECTS["component_in_place"]["hosted"]
    full = changed(full, ("config", "config", "ProductionVariants", 0, "InstanceType"), type_)
    at = ("component", "Specification", "ComputeResourceRequirements")
    many = changed(full, (*at, "NumberOfAcceleratorDevicesRequired"), 99)
    assert check(component_context(many)) == []


@pytest.mark.parametrize(
    ("place", "given"),
    [
        ("Specification.ModelName", "assistant-7"),
        ("Specification.StartupParameters", {"ModelDataDownloadTimeoutInSeconds": 600}),
        ("Specification.DataCacheConfig", {"EnableCaching": True}),
        (
            "Specification.SchedulingConfig",
            {
                "PlacementStrategy": "SPREAD",
                "AvailabilityZoneBalance": {"EnforcementMode": "PERMISSIVE", "MaxImbalance": 1},
            },
        ),
        ("Specification.Container.Image", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:7"),
        ("Specification.Container.Environment", {"LEVEL": "info"}),
        (
            "Specification.Container.ContainerMetricsConfig",
            {"MetricsEndpoints": [{"MetricsEndpointPath": "/metrics"}]},
        ),
        ("VariantName", "shared"),
        ("RuntimeConfig", {"CopyCount": 1}),
    ],
)
def test_what_an_adapter_has_of_its_base(place: str, given: Any) -> None:
    data = changed(FULL_SUBJECTS["component"]["adapter"], place, given)
    (rule,) = (each for each in adapters.RULES if each.id == "adapter-with-base-settings")
    assert [each.message for each in check(component(data), [rule])] == [
        f"{place}: given; allowed: nothing, for an adapter has that of its base"
    ]


@pytest.mark.parametrize("share", [1, 4, 51])
def test_shares_beyond_the_edges(share: int) -> None:
    full = changed(
        FULL_SUBJECTS["component"]["in fives"], f"{ROLLING}.MaximumBatchSize.Value", share
    )
    assert "component-batch-out-of-range" in {each.rule_id for each in check(component(full))}


@pytest.mark.parametrize("of", ["config", "model"])
def test_an_isolation_that_is_not_known_is_no_other(of: str) -> None:
    subject = component_context(FULL_SUBJECTS["component_in_place"]["model"])
    assert subject.config is not None
    unknown = Unresolved({"Ref": "Isolated"})
    config, models = subject.config, subject.models
    if of == "config":
        spec = attrs.evolve(config.config, enable_network_isolation=unknown)
        config = attrs.evolve(config, config=spec)
    else:
        models = {
            path: attrs.evolve(
                each, model=attrs.evolve(each.model, enable_network_isolation=unknown)
            )
            for path, each in models.items()
        }
    assert models
    assert check(attrs.evolve(subject, config=config, models=models)) == []
