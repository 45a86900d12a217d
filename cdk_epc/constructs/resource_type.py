"""The kinds of resources that are drafted: their specs, and the words of their constructors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

import attrs

from cdk_epc.constructs.convert import key_id, role_arn
from cdk_epc.spec import EndpointConfigSpec, Spec, Tag
from cdk_epc.spec.unresolved import is_mapping

S = TypeVar("S", bound=Spec)


@attrs.frozen(kw_only=True, eq=False)
class ResourceType(Generic[S]):
    """One kind of resource.

    Attributes:
        spec: What it is, without CDK.
        arguments: The constructor's argument for each member of the spec.
        list_members: The members that are given as a list of values, each a piece of its own.
        converters: From what is given to what a member takes, where typed values alone do not say.
        is_complete_at_construction: Whether the constructor is given everything, so that nothing wrong can be
            cured by a later call.
    """

    spec: type[S]
    arguments: Mapping[str, str]
    list_members: frozenset[str] = frozenset()
    converters: Mapping[str, Callable[[Any], Any]] = attrs.Factory(dict[str, Callable[[Any], Any]])
    is_complete_at_construction: bool = False


def tags_of(tags: object) -> object:
    """Tags as the API takes them; a token or a mistake stays what it is, for the rules to see."""
    if not is_mapping(tags):
        return tags
    return tuple(Tag(key=key, value=what) for key, what in tags.items())


CONFIG: Final = ResourceType(
    spec=EndpointConfigSpec,
    arguments={
        "production_variants": "production_variants",
        "shadow_production_variants": "shadow_production_variants",
        "async_inference_config": "async_inference",
        "data_capture_config": "data_capture",
        "explainer_config": "explainer",
        "vpc_config": "vpc",
        "metrics_config": "metrics",
        "kms_key_id": "encryption_key",
        "execution_role_arn": "execution_role",
        "enable_network_isolation": "network_isolation",
        "endpoint_config_name": "endpoint_config_name",
        "tags": "tags",
    },
    list_members=frozenset({"production_variants", "shadow_production_variants"}),
    converters={"kms_key_id": key_id, "execution_role_arn": role_arn, "tags": tags_of},
)
"""An endpoint configuration."""
