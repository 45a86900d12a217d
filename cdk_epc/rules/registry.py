"""Registry of all rules in the order of their findings, and of the packs."""

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
    inference_components,
    instances,
    machine_images,
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
    shadow,
    ssm,
    stack_exports,
    tags,
    traffic,
    variants,
    volumes,
)
from cdk_epc.rules.pedantic import PEDANTIC_RULES
from cdk_epc.rules.rule import CallError, Diagnostic, InputError, Rule
from cdk_epc.rules.security import SECURITY_CONTROLS

RULES: Final[tuple[Rule, ...]] = (
    *fields.RULES,
    *variants.RULES,
    *traffic.RULES,
    *routing.RULES,
    *pools.RULES,
    *reservations.RULES,
    *instances.RULES,
    *volumes.RULES,
    *machine_images.RULES,
    *serverless.RULES,
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
    *tags.RULES,
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
    *stack_exports.RULES,
    *creation_order.RULES,
    *alarms.RULES,
    *alarm_metrics.RULES,
    *alarm_endpoints.RULES,
)
"""Rules that always apply."""

PACKS: Final[Mapping[str, tuple[Rule, ...]]] = {
    "security": SECURITY_CONTROLS,
    "pedantic": PEDANTIC_RULES,
}
"""Rules that are off by default, by the name of their pack on the command line."""

PACKED: Final[tuple[Rule, ...]] = tuple(rule for pack in PACKS.values() for rule in pack)
"""Rules of all packs."""

DIAGNOSTICS: Final[tuple[Rule | CallError | InputError, ...]] = (
    *requests.INPUT_ERRORS,
    *call_errors.CALL_ERRORS,
    *RULES,
    *acknowledgements.INPUT_ERRORS,
)
"""Rules, call errors and input errors that apply without a pack."""


def pack_of(diagnostic: Diagnostic) -> str | None:
    """Return the name of the pack of a rule, if the rule is in one."""
    return next((name for name, rules in PACKS.items() if diagnostic in rules), None)
