"""What the installed copies of the published models say, beside what our classes declare."""

from __future__ import annotations

from functools import cache
from typing import Any

from tools.published.copies import BOTOCORE, CFN_LINT, installed
from tools.published.facts import KINDS, Facts
from tools.published.models import ENDPOINT_CONFIG, Resource, service_model
from tools.published.models import cfn_schema as read_cfn_schema

__all__ = ["KINDS", "Facts", "cfn_schema", "declared", "in_api", "in_cfn", "request_shape"]


@cache
def declared(resource: Resource = ENDPOINT_CONFIG) -> dict[str, Facts]:
    """What the spec classes say."""
    return resource.declared()


@cache
def in_api(resource: Resource = ENDPOINT_CONFIG) -> dict[str, Facts]:
    """What the API's model says."""
    return resource.in_api(_service_model())


@cache
def in_cfn(resource: Resource = ENDPOINT_CONFIG) -> dict[str, Facts]:
    """What CloudFormation's schema says."""
    return resource.in_cfn(cfn_schema(resource))


def request_shape(operation: str = "CreateEndpointConfig") -> Any:
    """The API's shape of a request."""
    return _service_model().operation_model(operation).input_shape


@cache
def cfn_schema(resource: Resource = ENDPOINT_CONFIG) -> Facts:
    """CloudFormation's schema of the resource type, from cfn-lint's copy."""
    return read_cfn_schema(installed(CFN_LINT), resource.name)


@cache
def _service_model() -> Any:
    return service_model(installed(BOTOCORE))
