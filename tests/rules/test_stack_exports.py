"""Rules of what an update waits for and of what it takes from the last one: whole findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import pytest

from cdk_epc.rules import Finding, Severity, check
from cdk_epc.spec import (
    Alarm,
    AutoRollbackConfiguration,
    BlueGreenUpdatePolicy,
    CapacitySize,
    DeploymentConfig,
    EndpointConfigSpec,
    EndpointSpec,
    InferenceComponentSpec,
    ManagedInstanceScaling,
    Path,
    ProductionVariant,
    RollingUpdatePolicy,
    TrafficRoutingConfiguration,
    VariantProperty,
)
from cdk_epc.spec.context import (
    ConfigContext,
    EndpointContext,
    InferenceComponentContext,
    ReferencedTarget,
)
from cdk_epc.spec.unresolved import Unresolved

TOKEN: Any = -1.8881545897087638e289
UNKNOWN: Any = Unresolved({"Ref": "Wait"})
API = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html"
GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html"


def found(subject: Any, rule: str) -> list[Finding]:
    return [each for each in check(subject) if each.rule_id == rule]


def all_at_once(wait: Any = None, termination: Any = None) -> BlueGreenUpdatePolicy:
    return BlueGreenUpdatePolicy(
        traffic_routing_configuration=TrafficRoutingConfiguration(
            type="ALL_AT_ONCE", wait_interval_in_seconds=wait
        ),
        termination_wait_in_seconds=termination,
    )


def canary(wait: Any) -> BlueGreenUpdatePolicy:
    routing = TrafficRoutingConfiguration(
        type="CANARY",
        wait_interval_in_seconds=wait,
        canary_size=CapacitySize(type="CAPACITY_PERCENT", value=10),
    )
    return BlueGreenUpdatePolicy(traffic_routing_configuration=routing)


def rolling(wait: Any) -> RollingUpdatePolicy:
    size = CapacitySize(type="CAPACITY_PERCENT", value=25)
    return RollingUpdatePolicy(maximum_batch_size=size, wait_interval_in_seconds=wait)


def deployed(blue_green: Any = None, batches: Any = None, *alarms: Alarm) -> EndpointSpec:
    watched = alarms or (Alarm(alarm_name="errors"),)
    config = DeploymentConfig(
        blue_green_update_policy=blue_green,
        rolling_update_policy=batches,
        auto_rollback_configuration=AutoRollbackConfiguration(alarms=watched),
    )
    return EndpointSpec(endpoint_config_name="fraud-7", deployment_config=config)


@pytest.mark.parametrize(
    "endpoint",
    [deployed(), deployed(all_at_once()), deployed(canary(0)), deployed(None, rolling(0))],
    ids=["no policy", "all at once", "canary", "rolling"],
)
def test_alarms_without_a_wait(endpoint: EndpointSpec) -> None:
    assert found(endpoint, "rollback-alarms-without-wait") == [
        Finding(
            rule_id="rollback-alarms-without-wait",
            severity=Severity.WARNING,
            path="DeploymentConfig",
            got="alarms, and no wait in which they could go off",
            allowed="a deployment that waits",
            message="DeploymentConfig: alarms, and no wait in which they could go off; allowed: a "
            "deployment that waits",
            fix="Let it wait after each step, or before the old fleet goes, as long as an alarm "
            "takes.",
            source_url=GUIDE,
        )
    ]


@pytest.mark.parametrize(
    "endpoint",
    [
        deployed(canary(1)),
        deployed(all_at_once(termination=1)),
        deployed(None, rolling(1)),
        deployed(canary(UNKNOWN)),
        deployed(canary(TOKEN)),
        deployed(all_at_once(UNKNOWN)),
        deployed(all_at_once(termination=UNKNOWN)),
        deployed(UNKNOWN),
        deployed(BlueGreenUpdatePolicy(traffic_routing_configuration=UNKNOWN)),
        deployed(None, rolling(UNKNOWN)),
        deployed(None, UNKNOWN),
        EndpointSpec(deployment_config=UNKNOWN),
        EndpointSpec(deployment_config=DeploymentConfig(blue_green_update_policy=all_at_once())),
    ],
)
def test_a_wait_or_what_may_be_one(endpoint: EndpointSpec) -> None:
    assert found(endpoint, "rollback-alarms-without-wait") == []


def test_all_at_once_with_a_wait_of_its_own_waits() -> None:
    """It is told between the steps in the reference; there is one step, and it bakes after it."""
    assert found(deployed(all_at_once(600)), "rollback-alarms-without-wait") == []


def test_a_deployment_beside_the_last_one() -> None:
    endpoint = attrs.evolve(deployed(canary(600)), retain_deployment_config=True)
    assert found(endpoint, "retained-deployment-unclear") == [
        Finding(
            rule_id="retained-deployment-unclear",
            severity=Severity.WARNING,
            path="RetainDeploymentConfig",
            got=True,
            allowed="nothing beside a deployment of its own",
            message="RetainDeploymentConfig is True; allowed: nothing beside a deployment of its "
            "own",
            fix="Take one of the two out: this one, if the deployment is to be as it says here.",
            source_url=API,
        )
    ]
    for retain in (None, False, TOKEN, UNKNOWN):
        other = attrs.evolve(endpoint, retain_deployment_config=retain)
        assert found(other, "retained-deployment-unclear") == []
    for deployment in (None, UNKNOWN):
        other = attrs.evolve(endpoint, deployment_config=deployment)
        assert found(other, "retained-deployment-unclear") == []


MAIN: Path = ("production_variants", 0)
NEXT: Path = ("production_variants", 1)


def variant(name: Any, **more: Any) -> ProductionVariant:
    given = {"model_name": "m", "instance_type": "ml.m5.large", "initial_instance_count": 2, **more}
    return ProductionVariant(variant_name=name, **given)


def context(
    *variants: ProductionVariant, scaled: tuple[Path, ...] = (MAIN,), **endpoint: Any
) -> EndpointContext:
    config = EndpointConfigSpec(production_variants=variants)
    targets: Mapping[Path, ReferencedTarget] = {
        path: ReferencedTarget(logical_id="Target") for path in scaled
    }
    given = {"retain_all_variant_properties": True, **endpoint}
    return EndpointContext(
        endpoint=EndpointSpec(endpoint_config_name="c", **given),
        config=ConfigContext(config=config, scaled=dict(targets)),
    )


def test_a_count_beside_a_scaled_one() -> None:
    subject = context(variant("main"), variant("next"), variant(UNKNOWN))
    assert found(subject, "retained-count-beside-scaled") == [
        Finding(
            rule_id="retained-count-beside-scaled",
            severity=Severity.WARNING,
            path="RetainAllVariantProperties",
            got=True,
            allowed="a scaled variant each, and nothing in sight scales 'next' and a variant",
            message="RetainAllVariantProperties is True; allowed: a scaled variant each, and "
            "nothing in sight scales 'next' and a variant",
            fix="Scale it as well, from a number to the same number, which can then be changed; or "
            "leave its number as it is.",
            source_url=API,
        )
    ]


def excluding(kind: Any) -> dict[str, Any]:
    return {"exclude_retained_variant_properties": (VariantProperty(variant_property_type=kind),)}


MANAGED = ManagedInstanceScaling(status="ENABLED", min_instance_count=1, max_instance_count=4)
BESIDE = (variant("main"), variant("next"))

FINE = {
    "both scale": context(*BESIDE, scaled=(MAIN, NEXT)),
    "none scales": context(*BESIDE, scaled=()),
    "nothing is retained": context(*BESIDE, retain_all_variant_properties=False),
    "it is not said": context(*BESIDE, retain_all_variant_properties=None),
    "nobody knows": context(*BESIDE, retain_all_variant_properties=UNKNOWN),
    "counts are excluded": context(*BESIDE, **excluding("DesiredInstanceCount")),
    "something is excluded": context(*BESIDE, **excluding(UNKNOWN)),
    "some may be excluded": context(*BESIDE, exclude_retained_variant_properties=UNKNOWN),
    "SageMaker scales it": context(
        variant("main"), variant("next", managed_instance_scaling=MANAGED)
    ),
    "its count is a token": context(variant("main"), variant("next", initial_instance_count=TOKEN)),
    "it has no count": context(variant("main"), variant("next", initial_instance_count=None)),
    "no configuration": EndpointContext(endpoint=EndpointSpec(retain_all_variant_properties=True)),
}


@pytest.mark.parametrize("case", FINE)
def test_a_count_that_can_be_changed_or_that_nobody_knows(case: str) -> None:
    assert found(FINE[case], "retained-count-beside-scaled") == []


def test_managed_scaling_that_is_off_scales_nothing() -> None:
    off = attrs.evolve(MANAGED, status="DISABLED")
    weights = excluding("DesiredWeight")
    subject = context(variant("main"), variant("next", managed_instance_scaling=off), **weights)
    assert len(found(subject, "retained-count-beside-scaled")) == 1


def test_a_configuration_of_another_stack() -> None:
    subject = EndpointContext(
        endpoint=EndpointSpec(endpoint_config_name=UNKNOWN), is_config_imported=True
    )
    assert found(subject, "endpoint-config-imported") == [
        Finding(
            rule_id="endpoint-config-imported",
            severity=Severity.WARNING,
            path="EndpointConfigName",
            got="an export of another stack",
            allowed="a configuration of the endpoint's own stack",
            message="EndpointConfigName: an export of another stack; allowed: a configuration of "
            "the endpoint's own stack",
            fix="Make the configuration, and its models, in the stack of the endpoint.",
            source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
            "using-cfn-stack-exports.html",
        )
    ]
    own = attrs.evolve(subject, is_config_imported=False)
    assert found(own, "endpoint-config-imported") == []


NAME: Path = ("production_variants", 0, "model_name")


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (
            ConfigContext(config=EndpointConfigSpec(production_variants=[variant("main")])),
            "ProductionVariants[0].ModelName",
        ),
        (
            InferenceComponentContext(component=InferenceComponentSpec(endpoint_name="shared")),
            "Specification.ModelName",
        ),
    ],
)
def test_a_model_of_another_stack(subject: Any, words: str) -> None:
    assert found(subject, "model-imported") == []
    path = NAME if isinstance(subject, ConfigContext) else ("specification", "model_name")
    imported = attrs.evolve(subject, imported_models=frozenset({path}))
    assert found(imported, "model-imported") == [
        Finding(
            rule_id="model-imported",
            severity=Severity.WARNING,
            path=words,
            got="an export of another stack",
            allowed="a model of the same stack",
            message=f"{words}: an export of another stack; allowed: a model of the same stack",
            fix="Make the model in the same stack, which may well take its artifacts from another.",
            source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
            "using-cfn-stack-exports.html",
        )
    ]
