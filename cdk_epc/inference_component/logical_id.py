"""Logical id and generated name of a component, which change if the component must be replaced.

CloudFormation's schema has no create-only property for a component, but SageMaker's update accepts
no other endpoint, variant or name. CloudFormation would attempt such a change in place, and the
change would fail or have no effect. Therefore the logical id contains a hash of the three values,
and a generated name a hash of the first two: a change results in another component, which
CloudFormation creates before it deletes the old one. The hash also covers the base of an adapter,
because SageMaker cannot move an adapter to another base.

The name of an endpoint is usually a reference to its logical id. A change of ``EndpointName``
replaces the endpoint under the same logical id, so that the hash covers both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Final, cast

import aws_cdk as cdk
import jsii
from aws_cdk.aws_sagemaker import CfnEndpoint, CfnInferenceComponent
from constructs import IConstruct, Node

from cdk_epc.constructs.scope import stack_of
from cdk_epc.spec import patterns
from cdk_epc.spec.unresolved import is_unresolved

HASH_LENGTH: Final = 8


class ComponentIdentity:
    """Properties that SageMaker cannot update, as a logical id and a name.

    Attributes:
        name: Fixed name, or a token for the generated name.
    """

    def __init__(
        self,
        component: IConstruct,
        *,
        endpoint: object,
        names: Sequence[str | None],
        fixed_name: str | None,
    ) -> None:
        """Create the identity of a component.

        Args:
            component: The component.
            endpoint: Endpoint of the component.
            names: Names of its variant and of its base; ``None`` for a missing one.
            fixed_name: Name of the component, if the caller supplies one.
        """
        self._component = component
        self._endpoint = endpoint
        self._names = list(names)
        self.name = fixed_name if fixed_name is not None else _lazy(self._generated_name)
        self._resource: CfnInferenceComponent | None = None

    def override_logical_id(self, resource: CfnInferenceComponent) -> None:
        """Make the logical id of a resource depend on the identity."""
        self._resource = resource
        resource.override_logical_id(_lazy(self._logical_id))

    # CDK resolves the name once for each place where it occurs. Constant values are cached, because
    # each of them costs a call into Node.

    @cached_property
    def _stack(self) -> cdk.Stack:
        return stack_of(self._component)

    @cached_property
    def _unique_name(self) -> str:
        longest = patterns.NAME_LENGTH - HASH_LENGTH - 1
        return str(cdk.Names.unique_resource_name(self._component, max_length=longest))

    @cached_property
    def _endpoint_resource(self) -> tuple[CfnEndpoint, cdk.Stack] | None:
        resource = _l1_endpoint(self._endpoint)
        return None if resource is None else (resource, stack_of(resource))

    def _generated_name(self) -> str:
        return f"{self._unique_name}-{_hash(self._host())}"

    def _logical_id(self) -> str:
        resource = cast("CfnInferenceComponent", self._resource)
        values = [*self._host(), _resolved(self._stack, self.name)]
        return f"{self._stack.get_logical_id(resource)}{_hash(values)}"

    def _host(self) -> list[Any]:
        """Return the endpoint, the variant and the base as JSON values."""
        return [self._host_endpoint(), *(_resolved(self._stack, name) for name in self._names)]

    def _host_endpoint(self) -> list[Any]:
        """Return the values that identify the endpoint."""
        endpoint = self._endpoint
        if self._endpoint_resource is None:
            name: Any = getattr(endpoint, "endpoint_name", None)
            name = endpoint if isinstance(endpoint, str) else name
            return [_resolved(self._stack, name)]
        resource, stack = self._endpoint_resource
        stack_path = [] if stack is self._stack else [stack.node.path]
        names = (resource.logical_id, resource.endpoint_name)
        return [*stack_path, *(_resolved(stack, name) for name in names)]


def _hash(values: list[Any]) -> str:
    text = json.dumps(values, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


@jsii.implements(cdk.IStringProducer)
class _Producer:
    """Lazy producer of a text, which CDK calls while it writes the template."""

    def __init__(self, function: Callable[[], str]) -> None:
        self._function = function

    def produce(self, context: cdk.IResolveContext) -> str:  # noqa: ARG002 - of the interface
        """Return the text."""
        return self._function()


def _lazy(function: Callable[[], str]) -> str:
    # The protocol has a keyword argument that Node never passes.
    return cdk.Lazy.uncached_string(cast("Any", _Producer(function)))


def _resolved(stack: cdk.Stack, value: str | None) -> Any:  # noqa: ANN401 - JSON
    """Return a value as in the template; only tokens cost a call into Node."""
    return stack.resolve(value) if is_unresolved(value) else value


def _l1_endpoint(endpoint: object) -> CfnEndpoint | None:
    if isinstance(endpoint, CfnEndpoint):
        return endpoint
    if isinstance(node := getattr(endpoint, "node", None), Node):
        child = node.default_child
        return child if isinstance(child, CfnEndpoint) else None
    return None
