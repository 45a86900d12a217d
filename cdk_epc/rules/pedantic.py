"""Pedantic rules: a pack of advice about configurations that work as they are.

The pack is off by default. Most of its rules ask for a second look at a setting that is often
intended: a default, a redundant value, or a value that is not in a published list.
"""

from __future__ import annotations

from typing import Final

from cdk_epc.rules import (
    advice,
    component_updates,
    config_context,
    data_capture,
    deployments,
    explainer,
    explainer_output,
    machine_images,
    managed_scaling,
    metrics,
    network,
    pools,
    regions,
    retained_properties,
    shadow,
    ssm,
    volumes,
)

PEDANTIC_RULES: Final = (
    *pools.PEDANTIC,
    *volumes.PEDANTIC,
    *machine_images.PEDANTIC,
    *shadow.PEDANTIC,
    *data_capture.PEDANTIC,
    *managed_scaling.PEDANTIC,
    *explainer.PEDANTIC,
    *explainer_output.PEDANTIC,
    *metrics.PEDANTIC,
    *ssm.PEDANTIC,
    *config_context.PEDANTIC,
    *regions.PEDANTIC,
    *deployments.PEDANTIC,
    *component_updates.PEDANTIC,
    *retained_properties.PEDANTIC,
    *network.PEDANTIC,
    *advice.PEDANTIC,
)
"""All pedantic rules in the order in which their findings are reported."""
