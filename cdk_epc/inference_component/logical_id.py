"""Who a component is: what it cannot change is in its logical id and in its name.

CloudFormation's schema of a component calls nothing create-only, and yet SageMaker's update takes
neither another endpoint nor another variant nor another name. CloudFormation would try such a
change in place, and it would fail or do nothing. So the logical id has a hash over the three, and
the name that we make has one over the first two: then a change is another component, which is made
before the old one goes. An adapter whose base becomes another one is loaded anew, too.

The name of an endpoint is a reference mostly, which says no more than its logical id. What can
replace an endpoint under the same logical id is its ``EndpointName``, so the hash covers both.
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

from cdk_epc.spec import patterns
from cdk_epc.spec.unresolved import is_unresolved

HASH_LENGTH: Final = 8


class Identity:
    """What a component cannot change.

    Attributes:
        name: Its name where one was given, and a token for the one that we make otherwise.
        logical_id: A token for its logical id.
    """

    def __init__(
        self,
        component: IConstruct,
        *,
        host: object,
        names: Sequence[str | None],
        own: str | None,
    ) -> None:
        """Be a component.

        Args:
            component: It.
            host: Its endpoint.
            names: Those of its variant and of its base, as far as it has them.
            own: Its own, if one was given.
        """
        self._component = component
        self._endpoint = host
        self._names = list(names)
        self.name = own if own is not None else _produced(self._made_name)
        self._resource: CfnInferenceComponent | None = None

    def give_to(self, resource: CfnInferenceComponent) -> None:
        """Let the logical id of a resource change with who the component is."""
        self._resource = resource
        resource.override_logical_id(_produced(self._logical_id))

    # These are asked for wherever the name stands, so what cannot change is asked of Node once.

    @cached_property
    def _stack(self) -> cdk.Stack:
        return cdk.Stack.of(self._component)

    @cached_property
    def _unique(self) -> str:
        longest = patterns.NAME_LENGTH - HASH_LENGTH - 1
        return str(cdk.Names.unique_resource_name(self._component, max_length=longest))

    @cached_property
    def _hosting(self) -> tuple[CfnEndpoint, cdk.Stack] | None:
        resource = _resource_of(self._endpoint)
        return None if resource is None else (resource, cdk.Stack.of(resource))

    def _made_name(self) -> str:
        return f"{self._unique}-{self._digest(self._host())}"

    def _logical_id(self) -> str:
        resource = cast("CfnInferenceComponent", self._resource)
        who = [*self._host(), _resolved(self._stack, self.name)]
        return f"{self._stack.get_logical_id(resource)}{self._digest(who)}"

    def _host(self) -> list[Any]:
        """The endpoint, the variant and the base, as they are told from others."""
        return [self._told(), *(_resolved(self._stack, name) for name in self._names)]

    def _told(self) -> list[Any]:
        """What tells the endpoint from others."""
        given = self._endpoint
        if self._hosting is None:
            name = given if isinstance(given, str) else getattr(given, "endpoint_name", None)
            return [_resolved(self._stack, name)]
        resource, own = self._hosting
        where = [] if own is self._stack else [own.node.path]
        names = (resource.logical_id, resource.endpoint_name)
        return [*where, *(_resolved(own, name) for name in names)]

    @staticmethod
    def _digest(what: list[Any]) -> str:
        text = json.dumps(what, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


@jsii.implements(cdk.IStringProducer)
class _Producer:
    """Asks for a text when the template is written, when all is known."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self._ask = ask

    def produce(self, context: cdk.IResolveContext) -> str:  # noqa: ARG002 - the protocol's
        """The text."""
        return self._ask()


def _produced(ask: Callable[[], str]) -> str:
    # The protocol has a keyword that Node never uses.
    return cdk.Lazy.uncached_string(cast("Any", _Producer(ask)))


def _resolved(stack: cdk.Stack, value: str | None) -> Any:  # noqa: ANN401 - JSON
    """A value as the template has it; Node is asked for tokens alone."""
    return stack.resolve(value) if is_unresolved(value) else value


def _resource_of(endpoint: object) -> CfnEndpoint | None:
    if isinstance(endpoint, CfnEndpoint):
        return endpoint
    if isinstance(node := getattr(endpoint, "node", None), Node):
        child = node.default_child
        return child if isinstance(child, CfnEndpoint) else None
    return None
