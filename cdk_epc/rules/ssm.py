"""Rules of access to instances through Systems Manager."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import EndpointConfigSpec, Path
from cdk_epc.spec.unresolved import is_resolved

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/ssm-access-enabled.html"


def _places(spec: EndpointConfigSpec) -> Iterator[Path]:
    """Where access is switched on, and not refused anyway for want of a model or of instances."""
    for path, variant in spec.variants():
        if (
            variant.enable_ssm_access is True
            and variant.model_name is not None
            and not is_resolved(variant.serverless_config)
        ):
            yield (*path, "enable_ssm_access")


@rule(
    id="ssm-access-enabled",
    title="Nobody logs in to the instances of an endpoint",
    why="AWS must have listed the account, patches of the instances wait while it is on, and "
    "the guide advises against it in production.",
    fix="Take it out, or acknowledge it for an endpoint to debug on.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    requires=("enable_ssm_access",),
    severity=Severity.WARNING,
    facts=("SSM.ALLOWLIST",),
)
def ssm_access_enabled(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.enable_network_isolation is True:
        return  # the other rule says more
    for path in _places(spec):
        yield Violation(
            path=path,
            got=True,
            must="be false, unless the account is on AWS's list and this is no production",
            fix="Take it out, or acknowledge ssm-access-enabled for an endpoint to debug on.",
        )


@rule(
    id="ssm-with-network-isolation",
    title="Access through Systems Manager needs a network",
    why="With network isolation no session can start.",
    fix="Take the access or the isolation out.",
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
    for path in _places(spec):
        yield Violation(
            path=path,
            got=True,
            must="be false because the network is isolated",
            fix="Take the access or the isolation out.",
        )


RULES: Final = (
    ssm_access_enabled,
    ssm_with_network_isolation,
)
