"""Fixed names of the resources of an app, to find two resources with one name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from constructs import IConstruct

from cdk_epc.constructs.internals import internals_of
from cdk_epc.constructs.scope import outermost, stack_of
from cdk_epc.rules.finding import shown
from cdk_epc.rules.rule import Violation
from cdk_epc.spec import Spec
from cdk_epc.spec.unresolved import is_string

if TYPE_CHECKING:
    from cdk_epc.constructs.checked_resource import CheckedResource
    from cdk_epc.constructs.resource_state import ResourceState

_NAMES: Final = {
    "ModelSpec": ("model_name", "model"),
    "EndpointConfigSpec": ("endpoint_config_name", "configuration"),
    "EndpointSpec": ("endpoint_name", "endpoint"),
    "InferenceComponentSpec": ("inference_component_name", "inference component"),
}
"""Member with the name and noun of each type of resource, by the name of its spec."""


class FixedNames:
    """Fixed names of the resources of an app."""

    _by_root: Final[WeakKeyDictionary[IConstruct, FixedNames]] = WeakKeyDictionary()

    def __init__(self) -> None:
        """Create the names of an app without resources."""
        self._by_name: dict[tuple[str, str], list[CheckedResource[Any, Any]]] = {}

    @classmethod
    def of(cls, root: IConstruct) -> FixedNames:
        """Return the names of an app."""
        return cls._by_root.setdefault(root, cls())

    def add(self, construct: CheckedResource[Any, Any]) -> None:
        """Add a construct, which is checked at synth if an earlier one has the same name."""
        state: ResourceState[Spec] = internals_of(construct).state
        member, _ = _NAMES.get(type(state.spec).__name__, ("", ""))
        name = getattr(state.spec, member, None)
        if is_string(name):
            named = self._by_name.setdefault((member, name), [])
            if named:
                earlier = tuple(named)
                state.repeated_name = lambda: _violation(construct, earlier, name)
            named.append(construct)


def _violation(
    construct: CheckedResource[Any, Any], earlier: tuple[CheckedResource[Any, Any], ...], name: str
) -> Violation | None:
    """Return the violation of a construct whose name an earlier one has in the same region."""
    if _is_conditional(construct):
        return None
    for other in earlier:
        if _is_in_same_region(construct, other) and not _is_conditional(other):
            member, noun = _NAMES[type(construct.spec).__name__]
            return Violation(
                path=(member,),
                got=name,
                sentence=f"`{member}` is {shown(name)}, which is already the name of the {noun} "
                f"{other.node.path}",
                fix="Give the two resources different names, or let CloudFormation generate them.",
            )
    return None


def _is_in_same_region(one: IConstruct, other: IConstruct) -> bool:
    """Return whether two constructs are certainly in one account and region."""
    stack, second = outermost(stack_of(one)), outermost(stack_of(other))
    if stack is second:
        return True
    unknown = any(map(cdk.Token.is_unresolved, (stack.account, stack.region)))
    return not unknown and (stack.account, stack.region) == (second.account, second.region)


def _is_conditional(construct: CheckedResource[Any, Any]) -> bool:
    """Return whether a condition creates the resource, or a nested stack around it."""
    resource: cdk.CfnResource | None = internals_of(construct).resource
    while resource is not None:
        if resource.cfn_options.condition is not None:
            return True
        resource = stack_of(resource).nested_stack_resource
    return False
