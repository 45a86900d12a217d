"""Imported endpoint: a reference to an endpoint of another app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import aws_cdk as cdk
from constructs import Construct

from cdk_epc.constructs.convert import has_wildcard
from cdk_epc.constructs.duck_typing import child_path
from cdk_epc.constructs.errors import raise_call_error
from cdk_epc.constructs.scope import stack_of
from cdk_epc.endpoint.base import EndpointBase
from cdk_epc.endpoint.variant import VariantReference
from cdk_epc.rules.call_errors import ARGUMENT_TYPE
from cdk_epc.rules.rule import Violation
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from cdk_epc.constructs.convert import S3LocationOrUri
    from cdk_epc.endpoint_config.variant_handle import VariantHandle
    from cdk_epc.spec import EndpointKind

_RESOURCE: Final = "endpoint"


class ImportedEndpoint(EndpointBase):
    """Endpoint of another app."""

    def __init__(  # noqa: PLR0913 - the attributes of an endpoint
        self,
        scope: Construct,
        id: str,
        *,
        endpoint_arn: str | None = None,
        endpoint_name: str | None = None,
        endpoint_kind: EndpointKind | None = None,
        async_input: S3LocationOrUri | None = None,
    ) -> None:
        """Refer to an endpoint; see `Endpoint.from_endpoint_attributes`.

        Raises:
            EndpointConfigError: Neither the ARN nor the name is given, or one has a wildcard.
        """
        if endpoint_arn is None and endpoint_name is None:
            violation = Violation(
                path=(),
                got=None,
                sentence="endpoint_name or endpoint_arn is required to import an endpoint",
                fix="Pass the name or the ARN of the endpoint.",
            )
            path = child_path(scope, id)
            raise_call_error(ARGUMENT_TYPE, violation, "endpoint_name", construct=path)
        require_one_name(endpoint_name, "endpoint_name", scope, id)
        require_one_name(endpoint_arn, "endpoint_arn", scope, id)
        arn = endpoint_arn or _arn_of(scope, str(endpoint_name))
        self._arn = arn
        self._name = endpoint_name or cdk.Arn.extract_resource_name(arn, _RESOURCE)
        self._kind, self._async_input = endpoint_kind, async_input
        super().__init__(scope, id, environment_from_arn=arn)

    @property
    def endpoint_arn(self) -> str:
        """ARN of the endpoint."""
        return self._arn

    @property
    def endpoint_name(self) -> str:
        """Name of the endpoint, which callers pass to SageMaker."""
        return self._name

    @property
    def name_in_metrics(self) -> str:
        """Name of the endpoint as the value of the dimension ``EndpointName``, case-sensitive."""
        return self._name

    @property
    def endpoint_kind(self) -> EndpointKind | None:
        """Kind of the endpoint; ``None`` if the import does not state it."""
        return self._kind

    @property
    def async_input(self) -> S3LocationOrUri | None:
        """S3 location of the callers' requests; ``None`` if the import does not state it."""
        return self._async_input

    def variant(self, variant: str | VariantHandle) -> VariantReference:
        """Return a reference to a variant by its name.

        The existence of the variant is not checked, because its configuration is not known.
        """
        name = variant if isinstance(variant, str) else variant.variant_name
        return VariantReference(self, name)


def _arn_of(scope: Construct, name: str) -> str:
    """Return the ARN of an endpoint in the stack's account and region."""
    return stack_of(scope).format_arn(
        service="sagemaker", resource=_RESOURCE, resource_name=name_in_arn(name)
    )


def name_in_arn(name: str) -> str:
    """Return a name in lower case, as SageMaker writes it in ARNs; a token stays unchanged."""
    return name if is_unresolved(name) else name.lower()


def require_one_name(given: str | None, argument: str, scope: Construct, id: str) -> None:
    """Check that a name or ARN is that of one resource, and no pattern of many in a policy.

    Raises:
        EndpointConfigError: The name has a wildcard or a variable of IAM policies.
    """
    if given is None or not has_wildcard(given):
        return
    violation = Violation(
        path=(),
        got=given,
        must="be the name or ARN of one resource, without wildcards",
        fix="Import each resource by its name.",
    )
    raise_call_error(ARGUMENT_TYPE, violation, argument, construct=child_path(scope, id))
