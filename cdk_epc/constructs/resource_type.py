"""Types of resources that constructs check: their specs and constructor arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar

import attrs

from cdk_epc.spec import Spec

S = TypeVar("S", bound=Spec)


@attrs.frozen(kw_only=True, eq=False, slots=False)  # for the cached property
class ResourceType(Generic[S]):
    """One type of resource.

    Attributes:
        spec: Class of its spec.
        context: Class of its context, for eager rules on related resources; ``None`` if there are
            none at a call.
        arguments: Constructor argument of each member of the spec.
        list_members: Members whose argument is a list; each item is a supplied part.
        converters: Functions from an argument to the value of its member, for arguments that
            `convert_value` cannot convert.
        is_complete_at_construction: Whether no method adds to the resource later, so that every
            rule can run in the constructor.
    """

    spec: type[S]
    context: type[Any] | None = None
    arguments: Mapping[str, str]
    list_members: frozenset[str] = frozenset()
    converters: Mapping[str, Callable[[Any], Any]] = attrs.Factory(dict[str, Callable[[Any], Any]])
    is_complete_at_construction: bool = False

    @cached_property
    def empty(self) -> S:
        """Spec without members."""
        return self.spec()
