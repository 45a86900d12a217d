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
                (
                    "specification is missing; allowed: what the component runs: Specification, or "
                    "Specifications by instance type"
                ),
                "Give a model or a container, or say for each instance type what it runs.",
            )
        ],
    ),
    "both forms": (
        {
            "specifications": [
                on_type(InstanceType.ML_G5_XLARGE),
                on_type(InstanceType.ML_G6_XLARGE),
            ]
        },
        [
            (
                "component-specification-ambiguous",
                "specifications: 2 items beside Specification; allowed: one of the two",
                "Keep Specification for all instances alike, or Specifications by instance type.",
            )
        ],
    ),
    "one type": (
        {**NONE, "specifications": [on_type(InstanceType.ML_G5_XLARGE)]},
        [
            (
                "list-length-wrong",
                "specifications: 1 items; allowed: 2 to 5 items",
                "Put one in, or leave it out.",
            )
        ],
    ),
    "memory without a unit": (
        {"compute": ComputeRequirements(min_memory=8192)},  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "compute.min_memory is 8192; allowed: a Size",
                "Write Size.mebibytes(…) or Size.gibibytes(…).",
            )
        ],
    ),
    "less memory than the least": (
        {"compute": ComputeRequirements(min_memory=GIB(8), max_memory=GIB(4))},
        [
            (
                "component-memory-reversed",
                "compute.min_memory is 8192; allowed: at most the greatest memory, which is 4096",
                "Lower the least memory or raise the greatest.",
            )
        ],
    ),
    "no accelerator": (
        {"compute": ComputeRequirements(min_memory=GIB(8), accelerators=0)},
        [
            (
                "value-out-of-range",
                "compute.accelerators is 0; allowed: 1 or more",
                "Raise it to 1 or more.",
            )
        ],
    ),
    "fewer copies than none": (
        {"copies": -1},
        [("value-out-of-range", "copies is -1; allowed: 0 or more", "Raise it to 0 or more.")],
    ),
    "a batch of most copies": (
        {"deployment": rolling(ComponentCapacitySize.percent(60))},
        [
            (
                "component-batch-out-of-range",
                "deployment.batch is 60; allowed: 5 to 50 percent",
                "Give a share from 5 to 50.",
            )
        ],
    ),
    "a batch of instances": (
        {"deployment": rolling(CapacitySize.instances(1))},  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                (
                    "deployment.batch is CapacitySize(amount=1, unit=<CapacitySizeType.INSTANCE_COUNT: "
                    "'INSTANCE_COUNT'>); allowed: Copies"
                ),
                "Write ComponentCapacitySize.percent(10) or ComponentCapacitySize.copies(1).",
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
                "deployment.wait is 7200; allowed: 0 to 3600",
                "Give a value from 0 to 3600.",
            )
        ],
    ),
    "alarms and no deployment": (
        {"rollback_alarms": ["errors"]},
        [
            (
                "value-missing",
                "deployment is missing; allowed: a value, it is required",
                "Give RollingUpdatePolicy.",
            )
        ],
    ),
    "too many alarms": (
        {"deployment": rolling(), "rollback_alarms": [f"alarm-{at}" for at in range(11)]},
        [
            (
                "list-length-wrong",
                "rollback_alarms: 11 items; allowed: 1 to 10 items",
                "Take some out.",
            )
        ],
    ),
    "an alarm that is none": (
        {"deployment": rolling(), "rollback_alarms": ["errors", 7]},
        [
            (
                "argument-type-wrong",
                "rollback_alarms[1] is 7; allowed: an alarm (IAlarm, IAlarmRef) or its name",
                "Give the alarm construct itself.",
            )
        ],
    ),
    "an adapter with compute": (
        {"base_component": "base", "container": ComponentContainer(artifact=ADAPTER)},
        [
            (
                "adapter-with-compute",
                (
                    "compute: compute requirements; allowed: nothing, for an adapter runs on the "
                    "compute of its base"
                ),
                "Take them out, or give the base component more.",
            )
        ],
    ),
    "a variable of one letter": (
        {"container": ComponentContainer(image=IMAGE, environment={"A": "1"})},
        [
            (
                "value-pattern-mismatch",
                (
                    "container.environment['A']: the key 'A'; allowed: text that matches "
                    "[a-zA-Z_][a-zA-Z0-9_]{1,1024}"
                ),
                "Take out the characters that do not fit.",
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
                    "container.image: an image of a private registry; allowed: an image in ECR, "
                    "for a component has no credentials of a registry"
                ),
                "Copy the image to ECR, or give a Model with it.",
            )
        ],
    ),
    "artifacts that are not packed": (
        {
            "container": ComponentContainer(
                image=IMAGE, artifact=ModelData.uncompressed("s3://amzn-s3-demo-bucket/assistant/")
            )
        },
        [
            (
                "argument-type-wrong",
                (
                    "container.artifact: artifacts that are no single archive; allowed: one packed "
                    "archive (.tar.gz)"
                ),
                "Write ModelData.from_bucket(…), or give a Model with these artifacts.",
            )
        ],
    ),
    "an image and an artifact that are none": (
        {"container": ComponentContainer(image=7)},  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "container.image is 7; allowed: a ContainerImage or the URI of an image",
                "Write ContainerImage.from_…(…).",
            )
        ],
    ),
    "an artifact that is none": (
        {"container": ComponentContainer(image=IMAGE, artifact=7)},  # type: ignore[arg-type]
        [
            (
                "argument-type-wrong",
                "container.artifact is 7; allowed: a ModelData or an S3 URI",
                'Write ModelData.from_bucket(bucket, "key").',
            )
        ],
    ),
    "a short download": (
        {"startup": ComponentStartup(model_data_download_timeout=cdk.Duration.seconds(59))},
        [
            (
                "value-out-of-range",
                "startup.model_data_download_timeout is 59; allowed: 60 to 3600",
                "Give a value from 60 to 3600.",
            )
        ],
    ),
    "an imbalance of more copies than there can be": (
        {"scheduling": ComponentScheduling.binpack(max_imbalance=101)},
        [
            (
                "value-out-of-range",
                "scheduling.max_imbalance is 101; allowed: 0 to 100",
                "Give a value from 0 to 100.",
            )
        ],
    ),
    "a path that is none": (
        {"container": ComponentContainer(image=IMAGE, metrics=MetricsEndpoint("metrics"))},
        [
            (
                "value-pattern-mismatch",
                (
                    "container.metrics is 'metrics'; allowed: text that matches "
                    r"/(?!.*\.\.)[a-zA-Z0-9/_.\-]+"
                ),
                "Take out the characters that do not fit.",
            )
        ],
    ),
    "a tag without a value": (
        {"tags": {"team": ""}},
        [
            (
                "value-length-wrong",
                "tags['team'] is ''; allowed: 1 to 256 characters",
                "It has 0; lengthen it.",
            )
        ],
    ),
    "an endpoint that is none": (
        {"endpoint": 7},
        [
            (
                "argument-type-wrong",
                "endpoint is 7; allowed: an endpoint (IEndpointRef) or its name",
                "Give the endpoint construct itself.",
            )
        ],
    ),
    "a variant that is none": (
        {"variant": 7},
        [
            (
                "argument-type-wrong",
                "variant is 7; allowed: a variant or its name",
                "Give what endpoint.variant(…) gives.",
            )
        ],
    ),
    "a base that is none": (
        {"compute": None, "base_component": 7},
        [
            (
                "argument-type-wrong",
                (
                    "base_component is 7; allowed: an inference component (IInferenceComponentRef) "
                    "or its name"
                ),
                "Give the component construct itself.",
            )
        ],
    ),
    "a type for training": (
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
                    "specifications[1].instance_type is 'ml.c5n.large'; allowed: a type for "
                    "hosting; the API lists this one for ClusterInstanceType only"
                ),
                "Take one of InstanceType's constants.",
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
    made = component_in(new_stack(), deployment=rolling(), copies=4)
    made.roll_back_on(*(f"alarm-{at}" for at in range(10)), "alarm-0")
    with pytest.raises(EndpointConfigError) as refused:
        made.roll_back_on("alarm-10")
    (finding,) = refused.value.findings
    assert (finding.rule_id, finding.message, finding.file) == (
        "list-length-wrong",
        "roll_back_on(): 11 items; allowed: 1 to 10 items",
        __file__,
    )
    assert len(made.spec.deployment_config.auto_rollback_configuration.alarms) == 10


def test_no_alarms_need_no_deployment() -> None:
    made = component_in(new_stack())
    made.roll_back_on()
    assert made.spec.deployment_config is None


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
            "error component-variant-unknown: variant is 'shard'; allowed: a production variant of "
            "the endpoint: shared"
        ),
    ),
    "an endpoint with models": (
        of_model,
        (
            "error component-endpoint-with-model: endpoint: an endpoint whose variant shared has a "
            "model; allowed: one of a configuration whose variants name no model"
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
    "a copy that does not fit": (
        {"compute": ComputeRequirements(min_memory=GIB(8), accelerators=8)},
        [
            (
                "component-does-not-fit: compute.accelerators is 8; allowed: at most 4 "
                "accelerators, which is what ml.g5.12xlarge has"
            )
        ],
    ),
    "no compute": (
        {"compute": None},
        [
            (
                "component-compute-missing: compute is missing; allowed: what each copy takes, for the "
                "component is no adapter of another one"
            )
        ],
    ),
    "a model and a container": (
        {"model": "assistant-7"},
        [
            (
                "component-model-missing: container: a container beside a model; allowed: one "
                "of the two"
            )
        ],
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
                "adapter-with-base-settings: container.image: given; allowed: nothing, for an adapter "
                "has that of its base"
            ),
            (
                "adapter-with-base-settings: variant: given; allowed: nothing, for an adapter has that "
                "of its base"
            ),
        ],
    ),
    "a deployment that waits for nothing": (
        {"deployment": rolling()},
        [
            (
                "component-update-without-alarms: rollback_alarms is missing; allowed: alarms, for "
                "the deployment waits to see whether one goes off"
            )
        ],
    ),
}


@pytest.mark.parametrize("name", WARNED)
def test_warnings(name: str) -> None:
    given, expected = WARNED[name]
    made = component_in(new_stack(), **given)
    found = [f"{each.rule_id}: {each.message}" for each in made.findings_at_synth()]
    assert found == expected


def test_fewer_copies_than_the_minimum_capacity_are_a_warning() -> None:
    made = component_in(new_stack())
    made.auto_scale(2, 4).scale_on_concurrent_requests(5)
    (finding,) = made.findings_at_synth()
    assert (finding.rule_id, finding.path, finding.got) == (
        "component-copies-outside-scaling",
        "copies",
        1,
    )


def test_acknowledged_warning() -> None:
    reason = {"component-compute-missing": "The model is tiny."}
    made = component_in(new_stack(), compute=None, acknowledge=reason)
    assert made.findings_at_synth() == []
    (acknowledged,) = made.acknowledged
    assert acknowledged.acknowledged == "The model is tiny."


def test_custom_rule_about_components() -> None:
    def check(_: InferenceComponentSpec) -> list[Violation]:
        return [Violation(path=("tags",), got=None, allowed="a team", fix="Give one.")]

    rule = Rule(
        id="team-tag", title="A team", why="Bills.", about=(InferenceComponentSpec,), check=check
    )
    with pytest.raises(EndpointConfigError) as refused:
        component_in(new_stack(), rules=[rule])
    assert [each.message for each in refused.value.findings] == ["tags is missing; allowed: a team"]


def test_tokens_are_not_checked() -> None:
    stack = new_stack()
    text = cdk.CfnParameter(stack, "Text").value_as_string
    number = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    made = InferenceComponent(
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
    assert made.findings_at_synth() == []
    (component,) = (
        Template.from_stack(stack).find_resources("AWS::SageMaker::InferenceComponent").values()
    )
    assert component["Properties"]["InferenceComponentName"] == {"Ref": "Text"}
    assert component["Properties"]["RuntimeConfig"] == {"CopyCount": {"Ref": "Number"}}


def test_rules_see_the_artifact() -> None:
    assert component_in(new_stack()).spec.specification.container.artifact_url == ARTIFACT
