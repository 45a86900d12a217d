"""Facts of the installed published models and of the spec classes."""

from __future__ import annotations

from functools import cache
from typing import Any

from tools.published.copies import BOTOCORE, CFN_LINT, installed
from tools.published.facts import KINDS, Facts
from tools.published.models import ENDPOINT_CONFIG, Resource, service_model
from tools.published.models import cfn_schema as read_cfn_schema

__all__ = [
    "KINDS",
    "Facts",
    "cfn_schema",
    "declared",
    "in_api",
    "in_cfn",
    "installed_schema",
    "request_shape",
]


@cache
def declared(resource: Resource = ENDPOINT_CONFIG) -> dict[str, Facts]:
    """Return the facts of a spec class."""
    return resource.declared()


@cache
def in_api(resource: Resource = ENDPOINT_CONFIG) -> dict[str, Facts]:
    """Return the facts of the API's model."""
    return resource.in_api(_service_model())


@cache
def in_cfn(resource: Resource = ENDPOINT_CONFIG) -> dict[str, Facts]:
    """Return the facts of CloudFormation's schema."""
    return resource.in_cfn(cfn_schema(resource))


def request_shape(operation: str = "CreateEndpointConfig") -> Any:
    """Return the shape of a request in the API's model."""
    return _service_model().operation_model(operation).input_shape


@cache
def cfn_schema(resource: Resource = ENDPOINT_CONFIG) -> Facts:
    """Return CloudFormation's schema of a resource type, from the installed cfn-lint."""
    return read_cfn_schema(installed(CFN_LINT), resource.name)


@cache
def installed_schema(type_: str) -> Facts:
    """Return CloudFormation's schema of any resource type, from the installed cfn-lint."""
    return read_cfn_schema(installed(CFN_LINT), type_)


@cache
def _service_model() -> Any:
    return service_model(installed(BOTOCORE))
