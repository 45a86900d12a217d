"""`RetainedProperties`: explicit settings, and the default of a scaled endpoint."""

from __future__ import annotations

from typing import Any

import pytest
from kit.cdk import new_stack, template_of
from kit.endpoints import config_of, endpoint_in, on_instances, refused

from cdk_epc import Endpoint, RetainedProperties
from cdk_epc.rules.pedantic import PEDANTIC_RULES

WEIGHT = [{"VariantPropertyType": "DesiredWeight"}]
COUNT = [{"VariantPropertyType": "DesiredInstanceCount"}]


def retained(template: dict[str, Any]) -> dict[str, Any]:
    properties = endpoint_in(template)["Properties"]
    return {name: properties[name] for name in properties if "Retain" in name}


@pytest.mark.parametrize(
    ("retain", "properties"),
    [
        (None, {}),
        (RetainedProperties.nothing(), {"RetainAllVariantProperties": False}),
        (RetainedProperties.everything(), {"RetainAllVariantProperties": True}),
        (
            RetainedProperties.instance_counts(),
            {
                "RetainAllVariantProperties": True,
                "ExcludeRetainedVariantProperties": WEIGHT,
            },
        ),
        (
            RetainedProperties.weights(),
            {"RetainAllVariantProperties": True, "ExcludeRetainedVariantProperties": COUNT},
        ),
    ],
    ids=["not said", "nothing", "everything", "instance counts", "weights"],
)
@pytest.mark.parametrize("scales", [False, True], ids=["fixed", "scaled"])
def test_retained_properties_in_the_template(
    retain: RetainedProperties | None, properties: dict[str, Any], *, scales: bool
) -> None:
    stack = new_stack()
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config_of(stack), retain=retain)
    if scales:
        endpoint.variant("main").auto_scale(4, 8).scale_on_invocations(600)
        if retain is None:
            properties = {
                "RetainAllVariantProperties": True,
                "ExcludeRetainedVariantProperties": WEIGHT,
            }
    assert retained(template_of(stack)) == properties


def deployed(*, count: int, weight: float, scales: bool) -> dict[str, Any]:
    """Return the template of an endpoint with two variants."""
    stack = new_stack()
    config = config_of(stack)
    config.add_instance_variant(
        "next",
        model="fraud-8",
        instance_type=on_instances().instance_type,
        initial_instance_count=count,
        initial_weight=weight,
    )
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    if scales:
        endpoint.variant("main").auto_scale(4, 8).scale_on_invocations(600)
    return template_of(stack)


def test_default_depends_on_scaling_only() -> None:
    """The default applies as long as a variant is scaled."""
    first = deployed(count=1, weight=1, scales=False)
    second = deployed(count=1, weight=1, scales=True)
    third = deployed(count=2, weight=3, scales=True)
    fourth = deployed(count=2, weight=3, scales=False)
    assert [retained(each) for each in (first, second, third, fourth)] == [
        {},
        {"RetainAllVariantProperties": True, "ExcludeRetainedVariantProperties": WEIGHT},
        {"RetainAllVariantProperties": True, "ExcludeRetainedVariantProperties": WEIGHT},
        {},
    ]


def test_two_scaled_variants_retain_instance_counts() -> None:
    stack = new_stack()
    config = config_of(stack, on_instances(), on_instances("next"))
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    for variant in endpoint.variants:
        variant.auto_scale(4, 8).scale_on_invocations(600)
    assert endpoint.findings_at_synth() == []
    assert retained(template_of(stack)) == {
        "RetainAllVariantProperties": True,
        "ExcludeRetainedVariantProperties": WEIGHT,
    }


def messages(endpoint: Endpoint) -> list[str]:
    return [f"{each.rule_id}: {each.message}" for each in endpoint.findings_at_synth()]


def test_retained_count_of_an_unscaled_variant_is_a_warning() -> None:
    stack = new_stack()
    config = config_of(stack, on_instances(), on_instances("next"))
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config, rules=PEDANTIC_RULES)
    endpoint.variant("main").auto_scale(4, 8).scale_on_invocations(600)
    assert messages(endpoint) == [
        (
            "retained-count-beside-scaled: the endpoint retains the instance counts of all "
            "variants, but no scalable target of this app scales variant 'next'"
        )
    ]


def test_reset_of_scaled_counts_is_a_warning() -> None:
    stack = new_stack()
    endpoint = Endpoint(
        stack, "Endpoint", endpoint_config=config_of(stack), retain=RetainedProperties.nothing()
    )
    endpoint.variant("main").auto_scale(4, 8).scale_on_invocations(600)
    assert messages(endpoint) == [
        (
            "scaled-count-reset: updates of the endpoint reset the instance count, which "
            "Stack/Endpoint/mainScaling scales"
        )
    ]


def test_retained_deployment_policy() -> None:
    stack = new_stack()
    config = config_of(stack)
    kept = Endpoint(stack, "Kept", endpoint_config=config, retain_deployment_config=True)
    assert kept.to_request()["RetainDeploymentConfig"] is True
    assert kept.findings_at_synth() == []
    both = Endpoint(
        stack,
        "Both",
        endpoint_config=config,
        retain_deployment_config=True,
        rollback_alarms=["errors"],
    )
    assert messages(both) == [
        (
            "rollback-alarms-without-wait: the deployment has rollback alarms, but no wait in "
            "which they can trigger a rollback"
        ),
        (
            "retained-deployment-unclear: retain_deployment_config is not allowed together with "
            "deployment"
        ),
    ]


def test_wrong_type_is_refused() -> None:
    stack = new_stack()
    config = config_of(stack)
    assert refused(lambda: Endpoint(stack, "E", endpoint_config=config, retain=True)) == [  # type: ignore[arg-type]
        "error argument-type-wrong: retain is True; must be a RetainedProperties"
    ]
