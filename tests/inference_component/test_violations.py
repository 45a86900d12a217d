"""Violations of components: those that the call raises, and those at synth."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template
from kit.cdk import new_stack
from kit.components import (
    ADAPTER,
    ARTIFACT,
    IMAGE,
    component_in,
    compute,
    container,
    endpoint_in,
    role_in,
    rolling,
)

from cdk_epc import (
    CapacitySize,
    ComponentCapacitySize,
    ComponentContainer,
    ComponentDeployment,
    ComponentScheduling,
    ComponentStartup,
    ComputeRequirements,
    ContainerImage,
    Endpoint,
    EndpointConfig,
    EndpointConfigError,
    InferenceComponent,
    InferenceComponentSpec,
    InstanceType,
    InstanceTypeSpecification,
    MetricsEndpoint,
    ModelData,
    Rule,
    Violation,
)
from cdk_epc.rules.pedantic import PEDANTIC_RULES

GIB = cdk.Size.gibibytes
NONE: dict[str, Any] = {"container": None, "compute": None}


def on_type(type_: InstanceType) -> InstanceTypeSpecification:
    return InstanceTypeSpecification(type_, container=container(), compute=compute())


REFUSED: dict[str, tuple[dict[str, Any], list[tuple[str, str, str]]]] = {
    "nothing to run": (
        NONE,
        [
            (
                "component-specification-ambiguous",
                "specification is required because the component has no specifications",
                "Pass model or container, or specifications by instance type.",
            )
        ],
    ),
    "specification and specifications": (
        {
            "specifications": [
                on_type(InstanceType.ML_G5_XLARGE),
                on_type(InstanceType.ML_G6_XLARGE),
            ]
        },
        [
            (
                "component-specification-ambiguous",
                (
                    "specifications is not allowed because the component has a specification for "
                    "all instance types"
                ),
                (
                    "Pass either specifications, or model, container, compute and the other "
                    "arguments for all instance types."
                ),
            )
        ],
    ),
    "one instance type": (
        {**NONE, "specifications": [on_type(InstanceType.ML_G5_XLARGE)]},
        [
            (
                "list-length-wrong",
                "specifications has 1 item; must have 2 to 5 items",
                "Add an item, or remove the list.",
            )
        ],
    ),
    "memory without a unit": (
        {"compute": ComputeRequirements(min_memory=8192)},  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "compute.min_memory is 8192; must be a Size",
                "Write cdk.Size.mebibytes(8192).",
            )
        ],
    ),
    "maximum memory below minimum memory": (
        {"compute": ComputeRequirements(min_memory=GIB(8), max_memory=GIB(4))},
        [
            (
                "component-memory-reversed",
                "compute.min_memory is 8192; must not exceed the maximum memory, 4096 MiB",
                "Lower the minimum or raise the maximum.",
            )
        ],
    ),
    "no accelerator": (
        {"compute": ComputeRequirements(min_memory=GIB(8), accelerators=0)},
        [
            (
                "value-out-of-range",
                "compute.accelerators is 0; must be 1 or more",
                "Raise it to 1 or more.",
            )
        ],
    ),
    "negative copies": (
        {"copies": -1},
        [("value-out-of-range", "copies is -1; must be 0 or more", "Raise it to 0 or more.")],
    ),
    "a batch of 60 percent": (
        {"deployment": rolling(ComponentCapacitySize.percent(60))},
        [
            (
                "component-batch-out-of-range",
                "deployment.batch is 60; must be from 5 to 50 percent",
                "Choose a value from 5 to 50.",
            )
        ],
    ),
    "a batch of instances": (
        {"deployment": rolling(CapacitySize.instances(1))},  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                (
                    "deployment.batch is CapacitySize(amount=1, "
                    "unit=<CapacitySizeType.INSTANCE_COUNT: 'INSTANCE_COUNT'>); must be a "
                    "ComponentCapacitySize"
                ),
                "Pass ComponentCapacitySize.percent(10) or ComponentCapacitySize.copies(1).",
            )
        ],
    ),
    "a long wait": (
        {
            "deployment": ComponentDeployment.rolling(
                ComponentCapacitySize.copies(1), cdk.Duration.hours(2)
            )
        },
        [
            (
                "value-out-of-range",
                "deployment.wait is 7200; must be from 0 to 3600",
                "Choose a value from 0 to 3600.",
            )
        ],
    ),
    "alarms without deployment": (
        {"rollback_alarms": ["errors"]},
        [("value-missing", "deployment is required by the API", "Give rolling_update_policy.")],
    ),
    "too many alarms": (
        {"deployment": rolling(), "rollback_alarms": [f"alarm-{at}" for at in range(11)]},
        [
            (
                "list-length-wrong",
                "rollback_alarms has 11 items; must have 1 to 10 items",
                "Remove some items.",
            )
        ],
    ),
    "a wrong alarm": (
        {"deployment": rolling(), "rollback_alarms": ["errors", 7]},
        [
            (
                "argument-type-wrong",
                "rollback_alarms[1] is 7; must be an alarm (IAlarmRef) or its name",
                "Pass the alarm construct itself.",
            )
        ],
    ),
    "an adapter with compute": (
        {"base_component": "base", "container": ComponentContainer(artifact=ADAPTER)},
        [
            (
                "adapter-with-compute",
                (
                    "compute is not allowed on an adapter, which runs on the compute of its base "
                    "component"
                ),
                "Remove compute, or raise that of the base component.",
            )
        ],
    ),
    "a variable name of one letter": (
        {"container": ComponentContainer(image=IMAGE, environment={"A": "1"})},
        [
            (
                "value-pattern-mismatch",
                (
                    "container.environment['A'] is the key 'A'; must match "
                    "[a-zA-Z_][a-zA-Z0-9_]{1,1024}"
                ),
                "Change the value so that the whole of it matches the pattern.",
            )
        ],
    ),
    "an image of a private registry": (
        {
            "container": ComponentContainer(
                image=ContainerImage.from_private_registry("registry.example.com/assistant:7")
            )
        },
        [
            (
                "argument-type-wrong",
                (
                    "container.image is an image of a private registry; must be an image in ECR, "
                    "because a component has no registry credentials"
                ),
                "Copy the image to ECR, or pass a Model with the image.",
            )
        ],
    ),
    "an unpacked artifact, with metrics": (
        {
            "container": ComponentContainer(
                image=IMAGE,
                artifact=ModelData.from_s3_folder("s3://amzn-s3-demo-bucket/assistant/"),
                metrics=MetricsEndpoint("/metrics"),
            )
        },
        [
            (
                "argument-type-wrong",
                (
                    "container.artifact is an unpacked folder or several artifacts; must be one "
                    "packed archive (.tar.gz) for an adapter, for a container with metrics, and on "
                    "an endpoint whose execution role is not known"
                ),
                "Pass ModelData.from_s3(...), or a Model with these artifacts.",
            )
        ],
    ),
    "a wrong image": (
        {"container": ComponentContainer(image=7)},  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "container.image is 7; must be a ContainerImage or the URI of an image",
                "Pass ContainerImage.from_uri(...).",
            )
        ],
    ),
    "a wrong artifact": (
        {"container": ComponentContainer(image=IMAGE, artifact=7)},  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "container.artifact is 7; must be a ModelData, an S3Location or an S3 URI",
                'Write ModelData.from_s3(S3Location(bucket, "adapter.tar.gz")), for example.',
            )
        ],
    ),
    "a short download": (
        {"startup": ComponentStartup(model_data_download_timeout=cdk.Duration.seconds(59))},
        [
            (
                "value-out-of-range",
                "startup.model_data_download_timeout is 59; must be from 60 to 3600",
                "Choose a value from 60 to 3600.",
            )
        ],
    ),
    "a large imbalance": (
        {"scheduling": ComponentScheduling.binpack(max_imbalance=101)},
        [
            (
                "value-out-of-range",
                "scheduling.max_imbalance is 101; must be from 0 to 100",
                "Choose a value from 0 to 100.",
            )
        ],
    ),
    "a wrong metrics path": (
        {"container": ComponentContainer(image=IMAGE, metrics=MetricsEndpoint("metrics"))},
        [
            (
                "value-pattern-mismatch",
                "container.metrics is 'metrics'; must match /(?!.*\\.\\.)[a-zA-Z0-9/_.\\-]+",
                "Change the value so that the whole of it matches the pattern.",
            )
        ],
    ),
    "an empty tag value": (
        {"tags": {"team": ""}},
        [
            (
                "value-length-wrong",
                "tags['team'] is empty; must have 1 to 256 characters",
                "Give a value, or remove the member.",
            )
        ],
    ),
    "a wrong endpoint": (
        {"endpoint": 7},
        [
            (
                "argument-type-wrong",
                "endpoint is 7; must be an endpoint (IEndpointRef) or its name",
                "Pass the endpoint construct itself.",
            )
        ],
    ),
    "a wrong variant": (
        {"variant": 7},
        [
            (
                "argument-type-wrong",
                "variant is 7; must be a VariantHandle or the name of a variant",
                "Pass endpoint.variant(name).",
            )
        ],
    ),
    "a wrong base": (
        {"compute": None, "base_component": 7},
        [
            (
                "argument-type-wrong",
                (
                    "base_component is 7; must be an inference component (IInferenceComponentRef) "
                    "or its name"
                ),
                "Pass the component construct itself.",
            )
        ],
    ),
    "an instance type for training": (
        {
            **NONE,
            "specifications": [
                on_type(InstanceType.ML_G5_XLARGE),
                on_type(InstanceType.of("ml.c5n.large")),
            ],
        },
        [
            (
                "instance-type-not-for-hosting",
                (
                    "specifications[1].instance_type 'ml.c5n.large' is not allowed for hosting "
                    "because the API lists it only in ClusterInstanceType"
                ),
                "Use one of the constants of InstanceType.",
            )
        ],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_constructor_is_refused(name: str) -> None:
    given, expected = REFUSED[name]
    stack = new_stack()
    given = {"endpoint": endpoint_in(stack), **given}
    with pytest.raises(EndpointConfigError) as refused:
        component_in(stack, **given)
    found = refused.value.findings
    assert [(each.rule_id, each.message, each.fix) for each in found] == expected
    assert {(each.resource, each.file) for each in found} == {
        ("Stack/Assistant", inspect.getsourcefile(component_in))
    }
    assert stack.node.try_find_child("Assistant") is None


def test_too_many_alarms_are_refused_by_the_call() -> None:
    component = component_in(new_stack(), deployment=rolling(), copies=4)
    component.roll_back_on(*(f"alarm-{at}" for at in range(10)), "alarm-0")
    with pytest.raises(EndpointConfigError) as refused:
        component.roll_back_on("alarm-10")
    (finding,) = refused.value.findings
    assert (finding.rule_id, finding.message, finding.file) == (
        "list-length-wrong",
        "roll_back_on() has 11 items; must have 1 to 10 items",
        __file__,
    )
    assert len(component.spec.deployment_config.auto_rollback_configuration.alarms) == 10


def test_no_alarms_need_no_deployment() -> None:
    component = component_in(new_stack())
    component.roll_back_on()
    assert component.spec.deployment_config is None


def without_endpoint(stack: cdk.Stack) -> EndpointConfig:
    return EndpointConfig(stack, "Config", execution_role=role_in(stack))


def of_model(stack: cdk.Stack) -> None:
    config = without_endpoint(stack)
    config.add_instance_variant(
        "shared",
        model="assistant-7",
        instance_type=InstanceType.ML_G5_XLARGE,
        initial_instance_count=1,
    )
    component_in(stack, Endpoint(stack, "Endpoint", endpoint_config=config))


AT_SYNTH: dict[str, tuple[Callable[[cdk.Stack], Any], str]] = {
    "an unknown variant": (
        lambda stack: component_in(stack, variant="shard"),
        (
            "error component-variant-unknown: variant is 'shard'; must be a production variant of "
            "the endpoint: shared"
        ),
    ),
    "an endpoint with models": (
        of_model,
        (
            "error component-endpoint-with-model: the endpoint cannot host inference components, "
            "because its variant 'shared' has a model"
        ),
    ),
}


@pytest.mark.parametrize("name", AT_SYNTH)
def test_violations_that_the_configuration_can_fix_are_reported_at_synth(name: str) -> None:
    make, message = AT_SYNTH[name]
    stack = new_stack()
    make(stack)
    with pytest.raises(RuntimeError) as refused:
        Template.from_stack(stack)
    assert message in str(refused.value)


def test_later_variant_fixes_the_violation() -> None:
    stack = new_stack()
    endpoint = endpoint_in(stack)
    component_in(stack, endpoint, variant="later")
    endpoint.config.add_inference_component_variant(
        "later", instance_type=InstanceType.ML_G5_12XLARGE, initial_instance_count=1
    )
    Template.from_stack(stack)


WARNED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "too many accelerators": (
        {"compute": ComputeRequirements(min_memory=GIB(8), accelerators=8)},
        [
            (
                "component-does-not-fit: compute.accelerators is 8; must not exceed the 4 "
                "accelerators of ml.g5.12xlarge"
            )
        ],
    ),
    "no compute": (
        {"compute": None},
        ["component-compute-missing: compute is required because the component is not an adapter"],
    ),
    "an adapter with an image": (
        {
            "base_component": "base",
            "compute": None,
            "container": ComponentContainer(image=IMAGE, artifact=ADAPTER),
            "variant": "shared",
        },
        [
            (
                "adapter-with-base-settings: container.image is not allowed on an adapter, which "
                "has this setting from its base component"
            ),
            (
                "adapter-with-base-settings: variant is not allowed on an adapter, which has this "
                "setting from its base component"
            ),
        ],
    ),
    "a wait without alarms": (
        {"deployment": rolling(), "rules": PEDANTIC_RULES},
        [
            (
                "component-update-without-alarms: rollback_alarms is required because without "
                "alarms the wait only delays the update"
            )
        ],
    ),
}


@pytest.mark.parametrize("name", WARNED)
def test_warnings(name: str) -> None:
    given, expected = WARNED[name]
    component = component_in(new_stack(), **given)
    found = [f"{each.rule_id}: {each.message}" for each in component.findings_at_synth()]
    assert found == expected


def test_fewer_copies_than_the_minimum_capacity_are_a_warning() -> None:
    component = component_in(new_stack())
    component.auto_scale(2, 4).scale_on_concurrent_requests(5)
    (finding,) = component.findings_at_synth()
    assert (finding.rule_id, finding.path, finding.got) == (
        "component-copies-outside-scaling",
        "copies",
        1,
    )


def test_acknowledged_warning() -> None:
    reason = {"component-compute-missing": "The model is tiny."}
    component = component_in(new_stack(), compute=None, acknowledge=reason)
    assert component.findings_at_synth() == []
    (acknowledged,) = component.acknowledged
    assert acknowledged.acknowledged == "The model is tiny."


def test_custom_rule_about_components() -> None:
    def check(_: InferenceComponentSpec) -> list[Violation]:
        return [Violation(path=("tags",), got=None, required="by the team", fix="Add a tag.")]

    rule = Rule(
        id="team-tag", title="A team", why="Bills.", about=(InferenceComponentSpec,), check=check
    )
    with pytest.raises(EndpointConfigError) as refused:
        component_in(new_stack(), rules=[rule])
    assert [each.message for each in refused.value.findings] == ["tags is required by the team"]


def test_tokens_are_not_checked() -> None:
    stack = new_stack()
    text = cdk.CfnParameter(stack, "Text").value_as_string
    number = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    component = InferenceComponent(
        stack,
        "Assistant",
        endpoint=text,
        variant=text,
        inference_component_name=text,
        container=ComponentContainer(image=text, artifact=text, environment={"LEVEL": text}),
        compute=ComputeRequirements(
            min_memory=cdk.Size.mebibytes(number), cpu_cores=number, accelerators=number
        ),
        copies=number,
        tags={"team": text},
        deployment=ComponentDeployment.rolling(
            ComponentCapacitySize.percent(number), cdk.Duration.seconds(number)
        ),
        rollback_alarms=[text],
    )
    assert component.findings_at_synth() == []
    (resource,) = (
        Template.from_stack(stack).find_resources("AWS::SageMaker::InferenceComponent").values()
    )
    assert resource["Properties"]["InferenceComponentName"] == {"Ref": "Text"}
    assert resource["Properties"]["RuntimeConfig"] == {"CopyCount": {"Ref": "Number"}}


def test_rules_see_the_artifact() -> None:
    assert component_in(new_stack()).spec.specification.container.artifact_url == ARTIFACT
