"""Rules of access to instances through AWS Systems Manager (SSM)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import EndpointConfigSpec, Path
from cdk_epc.spec.unresolved import is_resolved

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/ssm-access-enabled.html"


def _enabled(spec: EndpointConfigSpec) -> Iterator[Path]:
    """Yield the path of each member that enables access.

    inference-component-with-ssm and serverless-with-instance-settings report it on other variants.
    """
    for path, variant in spec.variants():
        if (
            variant.enable_ssm_access is True
            and variant.model_name is not None
            and not is_resolved(variant.serverless_config)
        ):
            yield (*path, "enable_ssm_access")


@rule(
    id="ssm-access-enabled",
    title="SSM access to the instances of an endpoint should not be enabled",
    why="AWS must have added the account to an allow list, SageMaker does not patch the instances "
    "while access is enabled, and the guide advises against it in production.",
    fix="Remove the member, or acknowledge the finding on an endpoint for debugging.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    requires=("enable_ssm_access",),
    severity=Severity.WARNING,
    facts=("SSM.ALLOWLIST",),
)
def ssm_access_enabled(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.enable_network_isolation is True:
        return  # ssm-with-network-isolation reports this
    for path in _enabled(spec):
        yield Violation(
            path=path,
            got=True,
            must="be false except on an endpoint for debugging",
            fix="Remove `enable_ssm_access`, or acknowledge ssm-access-enabled on an endpoint for "
            "debugging.",
        )


@rule(
    id="ssm-with-network-isolation",
    title="SSM access should not be combined with network isolation",
    why="With network isolation, Systems Manager cannot start a session.",
    fix="Remove the access or the isolation.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    requires=("enable_network_isolation", "enable_ssm_access"),
    severity=Severity.WARNING,
    eager=True,
    facts=("SSM.ISOLATION",),
)
def ssm_with_network_isolation(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.enable_network_isolation is not True:
        return
    for path in _enabled(spec):
        yield Violation(
            path=path,
            got=True,
            not_allowed="with network isolation",
            fix="Remove `enable_ssm_access` or `enable_network_isolation`.",
        )


RULES: Final = (ssm_with_network_isolation,)
PEDANTIC: Final = (ssm_access_enabled,)
"""Rules of the pack `pedantic`."""
