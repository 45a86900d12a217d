"""Rules of access to instances through Systems Manager."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Rule, Severity, Violation
from cdk_epc.spec import EndpointConfigSpec, Path
from cdk_epc.spec.unresolved import is_given

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/ssm-access-enabled.html"


def _places(spec: EndpointConfigSpec) -> Iterator[Path]:
    """Where access is switched on, and not refused anyway for want of a model or of instances."""
    for path, variant in spec.variants():
        if (
            variant.enable_ssm_access is True
            and variant.model_name is not None
            and not is_given(variant.serverless_config)
        ):
            yield (*path, "enable_ssm_access")


def _allowed(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.enable_network_isolation is True:
        return  # the other rule says more
    for path in _places(spec):
        yield Violation(
            path=path,
            got=True,
            allowed="false, unless the account is on AWS's list and this is no production",
            fix="Take it out, or acknowledge ssm-access-enabled for an endpoint to debug on.",
        )


def _isolated(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.enable_network_isolation is not True:
        return
    for path in _places(spec):
        yield Violation(
            path=path,
            got=True,
            allowed="false, for the network is isolated",
            fix="Take the access or the isolation out.",
        )


RULES: Final = (
    Rule(
        id="ssm-access-enabled",
        title="Nobody logs in to the instances of an endpoint",
        why="AWS must have listed the account, patches of the instances wait while it is on, and "
        "the guide advises against it in production.",
        fix="Take it out, or acknowledge it for an endpoint to debug on.",
        evidence=Evidence.DOCUMENTED,
        source_url=_GUIDE,
        needs=("enable_ssm_access",),
        check=_allowed,
        severity=Severity.WARNING,
        facts=("SSM.ALLOWLIST",),
    ),
    Rule(
        id="ssm-with-network-isolation",
        title="Access through Systems Manager needs a network",
        why="With network isolation no session can start.",
        fix="Take the access or the isolation out.",
        evidence=Evidence.DOCUMENTED,
        source_url=_GUIDE,
        needs=("enable_network_isolation", "enable_ssm_access"),
        check=_isolated,
        severity=Severity.WARNING,
        eager=True,
        facts=("SSM.ISOLATION",),
    ),
)
