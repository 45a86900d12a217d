"""Token of a string that another construct determines when it is created."""

from __future__ import annotations

import aws_cdk as cdk
import jsii

from cdk_epc.spec.unresolved import ReferenceToken


@jsii.implements(cdk.IStringProducer)
class DeferredString:
    """Token of a string that is set later.

    Constructs of a resource, such as its security group, are created after the rules have accepted
    the resource, so that a refused resource leaves no construct behind. The rules and the L1 take
    this token in place of the construct's name or id.

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
