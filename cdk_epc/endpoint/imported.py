"""Endpoints that are not of this app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import aws_cdk as cdk
from constructs import Construct

from cdk_epc.constructs.errors import raise_call_error
from cdk_epc.endpoint.base import EndpointBase
from cdk_epc.endpoint.variant import VariantReference
from cdk_epc.rules.call_errors import ARGUMENT_TYPE
from cdk_epc.rules.rule import Violation
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from cdk_epc.constructs.convert import Location
    from cdk_epc.endpoint_config.variant_handle import VariantHandle
    from cdk_epc.spec import EndpointKind

_RESOURCE: Final = "endpoint"


class ImportedEndpoint(EndpointBase):
    """An endpoint that is not of this app."""

    def __init__(  # noqa: PLR0913 - what there is to know of an endpoint
        self,
        scope: Construct,
        id: str,
        *,
        arn: str,
        name: str,
        hosting: EndpointKind | None = None,
        async_input: Location | None = None,
    ) -> None:
        """Refer to the endpoint with this ARN and name."""
        self._begin_calling()
        self._arn, self._name = arn, name
        self._hosting, self._async_input = hosting, async_input
        super().__init__(scope, id, environment_from_arn=arn)

    @property
    def endpoint_arn(self) -> str:
        """The ARN."""
        return self._arn

    @property
    def endpoint_name(self) -> str:
        """The name, which callers send."""
        return self._name

    @property
    def name_in_metrics(self) -> str:
        """The name as the dimension of a metric, which tells capitals apart."""
        return self._name

    @property
    def hosting(self) -> EndpointKind | None:
        """The kind of endpoint, if that was said."""
        return self._hosting

    @property
    def async_input(self) -> Location | None:
        """Where callers put their requests, if that was said."""
        return self._async_input

    def variant(self, variant: str | VariantHandle) -> VariantReference:
        """The variant of this name, as it runs; nobody here can know whether there is one."""
        name = variant if isinstance(variant, str) else variant.variant_name
        return VariantReference(self, name)


class Importing:
    """Where an endpoint of another app is referred to."""

    @staticmethod
    def from_endpoint_arn(scope: Construct, id: str, endpoint_arn: str) -> EndpointBase:
        """Refer to an endpoint of another app by its ARN.

        SageMaker writes the name in lower case in an ARN. Callers may send it so; of an endpoint
        with capitals in its name, metrics are only found with the name as it was given: see
        `from_endpoint_attributes`.
        """
        return Importing.from_endpoint_attributes(scope, id, endpoint_arn=endpoint_arn)

    @staticmethod
    def from_endpoint_name(scope: Construct, id: str, endpoint_name: str) -> EndpointBase:
        """Refer to an endpoint of another app, of the stack's account and region, by name.

        Its ARN has the name in lower case, as SageMaker writes it: that is what a policy is held
        against.
        """
        return Importing.from_endpoint_attributes(scope, id, endpoint_name=endpoint_name)

    @staticmethod
    def from_endpoint_attributes(  # noqa: PLR0913 - what there is to know of an endpoint
        scope: Construct,
        id: str,
        *,
        endpoint_arn: str | None = None,
        endpoint_name: str | None = None,
        hosting: EndpointKind | None = None,
        async_input: Location | None = None,
    ) -> EndpointBase:
        """Refer to an endpoint of another app by all that is known of it.

        Args:
            scope: Where the reference belongs.
            id: Its id there.
            endpoint_arn: The ARN; by default that of the name, in the stack's account and region.
            endpoint_name: The name, with its capitals; by default the end of the ARN. One of the
                two is needed.
            hosting: The kind of endpoint: it decides which metrics there are and which grants.
            async_input: Where callers of an asynchronous endpoint put their requests.

        Raises:
            EndpointConfigError: Neither the ARN nor the name is given.
        """
        if endpoint_arn is None and endpoint_name is None:
            violation = Violation(
                path=(), got=None, must="be a name or an ARN", fix="Give at least one of the two."
            )
            path = f"{scope.node.path}/{id}"
            raise_call_error(ARGUMENT_TYPE, violation, "endpoint_name", construct=path)
        arn = endpoint_arn or _arn_of(scope, str(endpoint_name))
        name = endpoint_name or cdk.Arn.extract_resource_name(arn, _RESOURCE)
        return ImportedEndpoint(
            scope, id, arn=arn, name=name, hosting=hosting, async_input=async_input
        )


def _arn_of(scope: Construct, name: str) -> str:
    return cdk.Stack.of(scope).format_arn(
        service="sagemaker", resource=_RESOURCE, resource_name=in_arn(name)
    )


def in_arn(name: str) -> str:
    """A name as SageMaker writes it in an ARN: in lower case, as far as it is known."""
    return name if is_unresolved(name) else name.lower()
