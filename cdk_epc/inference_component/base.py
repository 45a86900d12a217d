"""Base class of inference components of this app and of imported ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii
from aws_cdk.aws_iam import Grant
from aws_cdk.interfaces.aws_sagemaker import IInferenceComponentRef, InferenceComponentReference
from constructs import Construct

from cdk_epc.constructs.errors import raise_call_error
from cdk_epc.constructs.scope import stack_of
from cdk_epc.endpoint.grants import BEARER_CALL, INVOKE, STREAM
from cdk_epc.endpoint.imported import name_in_arn, require_one_name
from cdk_epc.inference_component.convert import RESOURCE
from cdk_epc.monitoring import ComponentMetrics
from cdk_epc.rules.call_errors import GRANT_UNFIT
from cdk_epc.rules.rule import Violation, Words

if TYPE_CHECKING:
    from aws_cdk.aws_iam import IGrantable

    from cdk_epc.endpoint import EndpointBase


@jsii.implements(IInferenceComponentRef)
class InferenceComponentBase(cdk.Resource, ComponentMetrics):
    """Inference component of this app or of another one, with its metrics and grants."""

    @property
    def inference_component_arn(self) -> str:
        """ARN of the component, a ``Ref``."""
        raise NotImplementedError

    @property
    def inference_component_name(self) -> str:
        """Name of the component, which callers pass to SageMaker.

        It is a reference, so that a resource with the name depends on the component.
        """
        raise NotImplementedError

    @property
    def name_in_metrics(self) -> str:
        """Name of the component as the value of the dimension ``InferenceComponentName``.

        It is a literal where possible, so that the component can refer to an alarm on the metric.
        """
        raise NotImplementedError

    @property
    def endpoint(self) -> EndpointBase | None:
        """Endpoint that hosts the component, if it is a construct of this library."""
        return None

    @property
    def _endpoint_arn(self) -> str | None:
        """ARN of an endpoint that is not a construct of this library; ``None`` if unknown."""
        return None

    def grant_invoke(self, grantee: IGrantable, *, bearer_token: bool = False) -> Grant:
        """Grant permission to send requests to the component, with streamed responses as well.

        SageMaker checks the action on the endpoint and on the component, so that the grant has both
        resources. The grantee may not call other components of the endpoint.

        Args:
            grantee: Principal that calls the component. It must be in the endpoint's account,
                because SageMaker endpoints have no resource policy.
            bearer_token: Whether the grantee may call the OpenAI-compatible path of the
                component.

        Returns:
            The grant.

        Raises:
            EndpointConfigError: The component was imported without its endpoint, or the grantee is
                in another account or has no identity policy.
        """
        if (endpoint := self.endpoint) is not None:
            return endpoint.grant_invoke(grantee, components=[self], bearer_token=bearer_token)
        if (endpoint_arn := self._endpoint_arn) is None:
            violation = Violation(
                path=(),
                got=Words("a component without endpoint"),
                sentence="grant_invoke() needs the endpoint of the component, which was imported "
                "without it",
                fix="Pass endpoint=Endpoint.from_endpoint_name(...) to the import.",
            )
            raise_call_error(GRANT_UNFIT, violation, "grant_invoke()", construct=self.node.path)
        arns = [endpoint_arn, self.inference_component_arn]
        grant = Grant.add_to_principal(
            grantee=grantee, actions=[INVOKE, STREAM], resource_arns=arns
        )
        if not bearer_token:
            return grant
        return grant.combine(
            Grant.add_to_principal(grantee=grantee, actions=[BEARER_CALL], resource_arns=["*"])
        )

    @property
    def inference_component_ref(self) -> InferenceComponentReference:
        """Reference that CDK's L1 constructs accept."""
        return InferenceComponentReference(inference_component_arn=self.inference_component_arn)


class ImportedInferenceComponent(InferenceComponentBase):
    """Inference component of another app."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        arn: str,
        name: str,
        endpoint: EndpointBase | None,
    ) -> None:
        """Refer to the component with this ARN and name.

        Raises:
            EndpointConfigError: The name has a wildcard.
        """
        require_one_name(name, "inference_component_name", scope, id)
        require_one_name(arn, "inference_component_arn", scope, id)
        super().__init__(scope, id, environment_from_arn=arn)
        self._arn = arn
        self._name = name
        self._endpoint = endpoint

    @property
    def inference_component_arn(self) -> str:
        """ARN of the component."""
        return self._arn

    @property
    def inference_component_name(self) -> str:
        """Name of the component."""
        return self._name

    @property
    def name_in_metrics(self) -> str:
        """Name of the component as the value of the dimension ``InferenceComponentName``."""
        return self._name

    @property
    def endpoint(self) -> EndpointBase | None:
        """Endpoint that hosts the component, if the import has it."""
        return self._endpoint


def name_of_arn(arn: str) -> str:
    """Return the name at the end of a component's ARN."""
    return cdk.Arn.extract_resource_name(arn, RESOURCE)


def arn_of_name(scope: Construct, name: str) -> str:
    """Return the ARN of a component in the stack's account and region."""
    return stack_of(scope).format_arn(
        service="sagemaker", resource=RESOURCE, resource_name=name_in_arn(name)
    )
