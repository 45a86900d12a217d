"""The resources that have a name, by what they are called."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Final, TypeAlias

from cdk_epc.templates.expressions import canonical
from cdk_epc.templates.template import Source

CONFIG: Final = "AWS::SageMaker::EndpointConfig"
MODEL: Final = "AWS::SageMaker::Model"
ENDPOINT: Final = "AWS::SageMaker::Endpoint"
COMPONENT: Final = "AWS::SageMaker::InferenceComponent"
NAMES: Final[Mapping[str, str]] = {
    CONFIG: "EndpointConfigName",
    MODEL: "ModelName",
    ENDPOINT: "EndpointName",
    COMPONENT: "InferenceComponentName",
}
"""The property that names a resource, by type."""

Located: TypeAlias = tuple[Source, str]
"""A resource: its template and its logical id."""


def by_name(sources: Iterable[Source]) -> dict[tuple[Hashable, ...], list[Located]]:
    """The resources by type and name, or by type, template and the expression of the name."""
    found: dict[tuple[Hashable, ...], list[Located]] = {}
    for source in sources:
        for type_, name in NAMES.items():
            for logical_id in source.of_type(type_):
                raw = source.raw(logical_id, name)
                if isinstance(raw, str):
                    found.setdefault((type_, raw), []).append((source, logical_id))
                elif raw is not None:
                    key: tuple[Hashable, ...] = (type_, source.index, canonical(raw))
                    found.setdefault(key, []).append((source, logical_id))
    return found


def endpoints_by_lower_name(sources: Iterable[Source]) -> dict[str, list[Located]]:
    """The endpoints by their names in lower case."""
    found: dict[str, list[Located]] = {}
    for source in sources:
        for logical_id in source.of_type(ENDPOINT):
            raw = source.raw(logical_id, NAMES[ENDPOINT])
            if isinstance(raw, str):
                found.setdefault(raw.lower(), []).append((source, logical_id))
    return found
