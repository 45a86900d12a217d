"""All rules, in the order in which their findings are reported."""

from __future__ import annotations

from typing import Final

from cdk_epc.rules import (
    acknowledgement,
    bounds,
    calls,
    explainer,
    inference_components,
    instances,
    naming,
    requests,
    serverless,
    shadow,
    variants,
)
from cdk_epc.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    *requests.RULES,
    *calls.RULES,
    *bounds.RULES,
    *variants.RULES,
    *instances.RULES,
    *serverless.RULES,
    *shadow.RULES,
    *inference_components.RULES,
    *explainer.RULES,
    *naming.RULES,
    *acknowledgement.RULES,
)
