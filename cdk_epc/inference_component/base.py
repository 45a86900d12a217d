"""What a component of this app and an imported one have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii
from aws_cdk.aws_iam import Grant
from aws_cdk.interfaces.aws_sagemaker import IInferenceComponentRef, InferenceComponentReference
from constructs import Construct

from cdk_epc.constructs.errors import raise_call_error
from cdk_epc.endpoint.grants import INVOKE, STREAM
from cdk_epc.endpoint.imported import in_arn
from cdk_epc.inference_component.convert import RESOURCE
from cdk_epc.monitoring import ComponentMetrics
from cdk_epc.rules.call_errors import GRANT_UNFIT
from cdk_epc.rules.rule import Violation, Words

if TYPE_CHECKING:
    from aws_cdk.aws_iam import IGrantable

    from cdk_epc.endpoint import EndpointBase


@jsii.implements(IInferenceComponentRef)
class InferenceComponentBase(cdk.Resource, ComponentMetrics):
    """A component that can be called, scaled and watched."""

    @property
    def inference_component_arn(self) -> str:
        """The ARN, which is what ``Ref`` gives."""
        raise NotImplementedError

    @property
    def inference_component_name(self) -> str:
        """The name, which callers send.

        It is a reference: whatever has it waits for the component.
        """
        raise NotImplementedError

    @property
    def name_in_metrics(self) -> str:
        """The name as the dimension of a metric: no reference, wherever it can be.

        So the component itself can refer to an alarm on the metric.
        """
        raise NotImplementedError

    @property
    def endpoint(self) -> EndpointBase | None:
        """The endpoint that hosts it, if that is one of ours."""
        return None

    def grant_invoke(self, grantee: IGrantable) -> Grant:
        """Allow somebody to send requests to the component, streamed answers included.

        SageMaker asks for the action on the endpoint and on the component, so both are granted.
        Whoever is granted this may call no other component of the endpoint.

        Args:
            grantee: Who; of the endpoint's own account, for nobody else can call it directly.

        Raises:
            EndpointConfigError: It is a component of another app, imported without its endpoint.
        """
        if (endpoint := self.endpoint) is not None:
            return endpoint.grant_invoke(grantee, components=[self])
        arns = [self._endpoint_arn(), self.inference_component_arn]
        return Grant.add_to_principal(grantee=grantee, actions=[INVOKE, STREAM], resource_arns=arns)

    def _endpoint_arn(self) -> str:
        """The ARN of an endpoint that is none of ours."""
        violation = Violation(
            path=(),
            got=Words("a component that is imported without its endpoint"),
            must="be one with its endpoint, which callers are granted on, too",
            fix="Give endpoint=Endpoint.from_endpoint_name(…) to the import.",
        )
        raise_call_error(GRANT_UNFIT, violation, "grant_invoke()", construct=self.node.path)

    @property
    def inference_component_ref(self) -> InferenceComponentReference:
        """The reference that CDK's own constructs take."""
        return InferenceComponentReference(inference_component_arn=self.inference_component_arn)


class ImportedInferenceComponent(InferenceComponentBase):
    """A component that is not of this app."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        arn: str,
        name: str,
        endpoint: EndpointBase | None,
    ) -> None:
        """Refer to the component with this ARN and name."""
        super().__init__(scope, id, environment_from_arn=arn)
        self._arn = arn
        self._name = name
        self._endpoint = endpoint

    @property
    def inference_component_arn(self) -> str:
        """The ARN."""
        return self._arn

    @property
    def inference_component_name(self) -> str:
        """The name."""
        return self._name

    @property
    def name_in_metrics(self) -> str:
        """The name."""
        return self._name

    @property
    def endpoint(self) -> EndpointBase | None:
        """The endpoint that hosts it, if it was given."""
        return self._endpoint


def name_in(arn: str) -> str:
    """The name at the end of a component's ARN."""
    return cdk.Arn.extract_resource_name(arn, RESOURCE)


def arn_of(scope: Construct, name: str) -> str:
    """The ARN of a component of this name in the stack's own account and region."""
    return cdk.Stack.of(scope).format_arn(
        service="sagemaker", resource=RESOURCE, resource_name=in_arn(name)
    )
