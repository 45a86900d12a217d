"""Detection of the type of a document from its content."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from cdk_epc.spec.fields import Path
from cdk_epc.spec.request_type import request_type_of
from cdk_epc.spec.unresolved import is_list, is_mapping

MENTIONS: Final = (
    b"SageMaker",
    b"sagemaker",
    b"ApplicationAutoScaling",
    b"application-autoscaling",
)
"""Bytes of a file that is worth a note of its own if it cannot be parsed."""
MARKERS: Final = (b"AWS::SageMaker", b"ProductionVariants")
"""Bytes that a template or a request contains even if it cannot be parsed."""

_TRANSFORM: Final = "AWS::Serverless-2016-10-31"
_VARIABLE: Final = re.compile(r"\$\{[^{}]*[:(]")
_FUNCTIONS: Final = frozenset({"Fn::Sub", "Fn::GetAtt", "Ref", "Condition", "Type"})
"""Members whose text is that of CloudFormation."""
_MAX_DEPTH: Final = 50


class DocumentType(StrEnum):
    """Type of a document that can be checked."""

    TEMPLATE = "template"
    SERVERLESS = "serverless"
    REQUEST = "request"
    REQUESTS = "requests"


def detect_document_type(data: Any, *, named: bool) -> DocumentType | None:  # noqa: ANN401 - JSON
    """Return the type of a document; ``None`` if it is neither a template nor a request.

    Args:
        data: The document.
        named: Whether the command line names the file; see `request_type_of`.
    """
    if is_mapping(data):
        if "AWSTemplateFormatVersion" in data or is_mapping(data.get("Resources")):
            return DocumentType.TEMPLATE
        if ("service" in data or "provider" in data) and templates_of_serverless(data):
            return DocumentType.SERVERLESS
        if request_type_of(data, named=named) is not None:
            return DocumentType.REQUEST
    elif (
        is_list(data)
        and data
        and all(detect_document_type(each, named=named) is DocumentType.REQUEST for each in data)
    ):
        return DocumentType.REQUESTS
    return None


def templates_of_serverless(data: Any) -> dict[Path, dict[str, Any]]:  # noqa: ANN401 - JSON
    """Return the templates in the ``resources`` of a ``serverless.yml``, by their path.

    The Serverless Framework adds resources of its own, as a transform does, and replaces variables
    such as ``${self:custom.name}``, which are read as unknown values.
    """
    given = data.get("resources")
    candidates: dict[Path, Any] = {("resources",): given}
    if is_list(given):
        candidates = {("resources", index): each for index, each in enumerate(given)}
    return {
        path: {"Transform": _TRANSFORM, **_with_unknown_variables(each)}
        for path, each in candidates.items()
        if is_mapping(each) and is_mapping(each.get("Resources"))
    }


def _with_unknown_variables(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return {"Fn::ServerlessVariable": value} if _VARIABLE.search(value) else value
    if depth > _MAX_DEPTH:
        return value
    if is_mapping(value):
        return {
            key: each if key in _FUNCTIONS else _with_unknown_variables(each, depth + 1)
            for key, each in value.items()
        }
    if is_list(value):
        return [_with_unknown_variables(each, depth + 1) for each in value]
    return value


def describe_other(data: Any) -> str:  # noqa: ANN401 - JSON
    """Return the message about a document that is neither a template nor a request."""
    if is_mapping(data):
        found = f"its keys are {_keys(data)}" if data else "it is an empty mapping"
    elif data is None:
        found = "it is empty"
    elif is_list(data):
        found = _describe_list(data) if data else "it is an empty list"
    else:
        found = "it is a single value"
    return (
        "the input is neither a CloudFormation template nor a request of SageMaker, such as "
        "CreateEndpointConfig; "
        f"{found}"
    )


def _describe_list(data: Sequence[Any]) -> str:
    """Return the description of the first item that is no request."""
    for index, each in enumerate(data):
        if is_mapping(each) and detect_document_type(each, named=True) is not DocumentType.REQUEST:
            found = f"has the keys {_keys(each)}" if each else "is empty"
            return f"item {index} of the list {found}"
    return "it is a list of other items"


def _keys(data: Mapping[Any, Any]) -> str:
    keys = ", ".join(repr(str(key)) for key in list(data)[:3])
    return f"{keys}, …" if len(data) > 3 else keys  # noqa: PLR2004 - at most three keys are shown
