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
from typing import Any, Final, cast

import aws_cdk as cdk
import jsii
from aws_cdk.aws_sagemaker import CfnEndpoint, CfnInferenceComponent
from constructs import IConstruct, Node

from cdk_epc.spec import patterns

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

    def _made_name(self) -> str:
        digest = self._digest(self._host())
        longest = patterns.NAME_LENGTH - HASH_LENGTH - 1
        own = cdk.Names.unique_resource_name(self._component, max_length=longest)
        return f"{own}-{digest}"

    def _logical_id(self) -> str:
        stack = cdk.Stack.of(self._component)
        resource = cast("CfnInferenceComponent", self._resource)
        who = [*self._host(), stack.resolve(self.name)]
        return f"{stack.get_logical_id(resource)}{self._digest(who)}"

    def _host(self) -> list[Any]:
        """The endpoint, the variant and the base, as they are told from others."""
        stack = cdk.Stack.of(self._component)
        return [_told(self._endpoint, stack), *map(stack.resolve, self._names)]

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


def _told(endpoint: object, stack: cdk.Stack) -> list[Any]:
    """What tells an endpoint from others."""
    resource = _resource_of(endpoint)
    if resource is None:
        name = endpoint if isinstance(endpoint, str) else getattr(endpoint, "endpoint_name", None)
        return [stack.resolve(name)]
    own = cdk.Stack.of(resource)
    where = [] if own is stack else [own.node.path]
    return [*where, own.resolve(resource.logical_id), own.resolve(resource.endpoint_name)]


def _resource_of(endpoint: object) -> CfnEndpoint | None:
    if isinstance(endpoint, CfnEndpoint):
        return endpoint
    if isinstance(node := getattr(endpoint, "node", None), Node):
        child = node.default_child
        return child if isinstance(child, CfnEndpoint) else None
    return None
