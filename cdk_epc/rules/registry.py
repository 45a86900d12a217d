"""All rules, in the order in which their findings are reported."""

from __future__ import annotations

from typing import Final

from cdk_epc.rules import (
    acknowledgements as acknowledgement,
)
from cdk_epc.rules import (
    adapters,
    alarm_endpoints,
    alarm_metrics,
    alarms,
    async_inference,
    component_updates,
    components,
    data_capture,
    deployments,
    endpoints,
    explainer,
    explainer_input,
    explainer_output,
    images,
    inference_components,
    instances,
    managed_scaling,
    metrics,
    model_mix,
    model_regions,
    model_sources,
    models,
    naming,
    networks,
    partitions,
    pools,
    references,
    requests,
    reservations,
    routing,
    scaling,
    scaling_policies,
    scaling_to_zero,
    serverless,
    serverless_settings,
    shadow,
    ssm,
    templates,
    traffic,
    updates,
    variants,
    volumes,
)
from cdk_epc.rules import (
    call_errors as calls,
)
from cdk_epc.rules import (
    component_context as component_neighbours,
)
from cdk_epc.rules import (
    config_context as neighbours,
)
from cdk_epc.rules import (
    creation_order as awaiting,
)
from cdk_epc.rules import (
    fields as bounds,
)
from cdk_epc.rules import (
    regions as regional,
)
from cdk_epc.rules import (
    retained_properties as retained,
)
from cdk_epc.rules import (
    role_permissions as access,
)
from cdk_epc.rules import (
    scalable_dimensions as scaling_serverless,
)
from cdk_epc.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    *requests.RULES,
    *calls.RULES,
    *bounds.RULES,
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
    *model_mix.RULES,
    *partitions.RULES,
    *explainer.RULES,
    *explainer_input.RULES,
    *explainer_output.RULES,
    *metrics.RULES,
    *ssm.RULES,
    *naming.RULES,
    *references.RULES,
    *models.RULES,
    *networks.RULES,
    *model_sources.RULES,
    *model_regions.RULES,
    *neighbours.RULES,
    *access.RULES,
    *regional.RULES,
    *scaling.RULES,
    *scaling_to_zero.RULES,
    *scaling_serverless.RULES,
    *scaling_policies.RULES,
    *deployments.RULES,
    *components.RULES,
    *adapters.RULES,
    *component_updates.RULES,
    *component_neighbours.RULES,
    *endpoints.RULES,
    *retained.RULES,
    *updates.RULES,
    *awaiting.RULES,
    *alarms.RULES,
    *alarm_metrics.RULES,
    *alarm_endpoints.RULES,
    *templates.RULES,
    *acknowledgement.RULES,
)
