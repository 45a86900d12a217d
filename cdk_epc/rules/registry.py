"""All rules, in the order in which their findings are reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cdk_epc.rules import (
    acknowledgements,
    adapters,
    alarm_endpoints,
    alarm_metrics,
    alarms,
    async_inference,
    call_errors,
    component_context,
    component_updates,
    components,
    config_context,
    creation_order,
    data_capture,
    deployments,
    endpoints,
    explainer,
    explainer_input,
    explainer_output,
    fields,
    images,
    inference_components,
    instances,
    managed_scaling,
    metrics,
    model_sources,
    models,
    naming,
    partitions,
    pools,
    regions,
    requests,
    reservations,
    retained_properties,
    role_permissions,
    routing,
    scalable_dimensions,
    scaling,
    scaling_policies,
    scaling_to_zero,
    serverless,
    serverless_settings,
    shadow,
    ssm,
    traffic,
    updates,
    variants,
    volumes,
)
from cdk_epc.rules.rule import Rule
from cdk_epc.rules.security import SECURITY_CONTROLS

RULES: Final[tuple[Rule, ...]] = (
    *requests.RULES,
    *call_errors.RULES,
    *fields.RULES,
    *variants.RULES,
    *traffic.RULES,
    *routing.RULES,
    *pools.RULES,
    *reservations.RULES,
    *instances.RULES,
    *volumes.RULES,
    *images.RULES,
    *serverless.RULES,
    *serverless_settings.RULES,
    *shadow.RULES,
    *async_inference.RULES,
    *data_capture.RULES,
    *inference_components.RULES,
    *managed_scaling.RULES,
    *partitions.RULES,
    *explainer.RULES,
    *explainer_input.RULES,
    *explainer_output.RULES,
    *metrics.RULES,
    *ssm.RULES,
    *naming.RULES,
    *models.RULES,
    *model_sources.RULES,
    *config_context.RULES,
    *role_permissions.RULES,
    *regions.RULES,
    *scaling.RULES,
    *scaling_to_zero.RULES,
    *scalable_dimensions.RULES,
    *scaling_policies.RULES,
    *deployments.RULES,
    *components.RULES,
    *adapters.RULES,
    *component_updates.RULES,
    *component_context.RULES,
    *endpoints.RULES,
    *retained_properties.RULES,
    *updates.RULES,
    *creation_order.RULES,
    *alarms.RULES,
    *alarm_metrics.RULES,
    *alarm_endpoints.RULES,
    *acknowledgements.RULES,
)


PACKS: Final[Mapping[str, tuple[Rule, ...]]] = {"security": SECURITY_CONTROLS}
"""The packs by their names, as the command line knows them."""

PACKED: Final[tuple[Rule, ...]] = tuple(rule for pack in PACKS.values() for rule in pack)
"""The rules of all packs."""


def pack_of(rule: Rule) -> str | None:
    """The name of the pack that a rule is in, if it is in one."""
    return next((name for name, rules in PACKS.items() if rule in rules), None)
