"""Token of a string that is known once another construct has been created."""

from __future__ import annotations

import aws_cdk as cdk
import jsii

from cdk_epc.spec.unresolved import ReferenceToken


@jsii.implements(cdk.IStringProducer)
class DeferredString:
    """Token of a string that is set later.

    A refused resource must not leave constructs behind. Therefore a construct that belongs to the
    resource is created after the resource has been accepted, and this token stands for its name.

    Attributes:
        text: The string; empty until it is set.
        token: The token.
    """

    def __init__(self) -> None:
        """Create a token without a string."""
        self.text = ""
        self.token = ReferenceToken(cdk.Lazy.uncached_string(self))

    def produce(self, context: cdk.IResolveContext) -> str:  # noqa: ARG002 - the protocol's
        """Return the string; CDK calls this."""
        return self.text
