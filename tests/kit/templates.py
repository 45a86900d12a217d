"""Templates around requests."""

from __future__ import annotations

from typing import Any

from cdk_epc.rules import Finding, Severity
from cdk_epc.templates import check_template

CONFIG = "AWS::SageMaker::EndpointConfig"
NO_VALUE = {"Ref": "AWS::NoValue"}


def template_of(properties: Any, **sections: Any) -> dict[str, Any]:
    """A template with one configuration called Config."""
    return {**sections, "Resources": {"Config": {"Type": CONFIG, "Properties": properties}}}


def errors_in(template: dict[str, Any]) -> list[Finding]:
    """The findings that stop a deployment."""
    return [each for each in check_template(template) if each.severity is Severity.ERROR]


def at(place: tuple[str | int, ...], template: Any) -> Any:
    """What stands at a place of a template."""
    for step in place:
        template = template[step]
    return template
