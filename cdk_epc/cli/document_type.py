"""What a document is, by its content."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from cdk_epc.spec.unresolved import is_list, is_mapping

NEITHER: Final = "neither a CloudFormation template nor a CreateEndpointConfig request"
MARKS: Final = (b"AWS::SageMaker", b"ProductionVariants")
"""What a broken file has in it when it was meant to be one of ours."""

_OF_REQUESTS: Final = ("ProductionVariants", "ShadowProductionVariants")
_OF_NAMED_REQUESTS: Final = (*_OF_REQUESTS, "EndpointConfigName", "EndpointConfigArn")
# CreateEndpoint and DescribeEndpoint name a configuration, and the latter lists its variants.
_OF_ENDPOINTS: Final = ("EndpointName", "EndpointArn")


class Kind(StrEnum):
    """What can be checked."""

    TEMPLATE = "template"
    REQUEST = "request"
    REQUESTS = "requests"


def kind_of(data: Any, *, named: bool) -> Kind | None:  # noqa: ANN401 - JSON
    """The kind of a document, ``None`` where it is neither template nor request.

    Args:
        data: The document.
        named: Whether somebody named it. Then the name of a configuration alone makes a request,
            one without variants; elsewhere many a file has such a name in it.
    """
    if is_mapping(data):
        if "AWSTemplateFormatVersion" in data or is_mapping(data.get("Resources")):
            return Kind.TEMPLATE
        marks = _OF_NAMED_REQUESTS if named else _OF_REQUESTS
        if any(mark in data for mark in marks) and not any(mark in data for mark in _OF_ENDPOINTS):
            return Kind.REQUEST
    elif (
        is_list(data) and data and all(kind_of(each, named=named) is Kind.REQUEST for each in data)
    ):
        return Kind.REQUESTS
    return None


def what_is_it(data: Any) -> str:  # noqa: ANN401 - JSON
    """Why a document is none of ours, for a person."""
    if is_mapping(data):
        keys = ", ".join(repr(str(key)) for key in list(data)[:3])
        more = ", …" if len(data) > 3 else ""  # noqa: PLR2004 - as many as are shown
        found = f"its keys are {keys}{more}" if data else "it is an empty mapping"
    elif data is None:
        found = "it is empty"
    elif is_list(data):
        found = "it is a list, and not one of requests" if data else "it is an empty list"
    else:
        found = "it is a single value"
    return f"{NEITHER}; {found}"
