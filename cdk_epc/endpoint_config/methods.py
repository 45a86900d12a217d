"""Methods of an endpoint configuration: to add variants, to configure features, to import."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar, cast

from aws_cdk.aws_sagemaker import CfnEndpointConfig
from constructs import Construct

from cdk_epc.constructs.call_sites import CallSite, SuppliedPart, find_supplied_part
from cdk_epc.constructs.checked_resource import CheckedResource
from cdk_epc.constructs.internals import internals_of
from cdk_epc.constructs.values import Value
from cdk_epc.endpoint_config.base import (
    EndpointConfigBase,
    ImportedEndpointConfig,
    arn_of_name,
    name_of_arn,
)
from cdk_epc.endpoint_config.context import EndpointConfigInternals
from cdk_epc.endpoint_config.docker_platforms import check_platforms
from cdk_epc.endpoint_config.features import (
    AsyncInference,
    ClarifyExplainer,
    DataCapture,
    MetricsPublication,
)
from cdk_epc.endpoint_config.machine_image import with_machine_image
from cdk_epc.endpoint_config.permissions import grant_permissions
from cdk_epc.endpoint_config.variant_handle import VariantHandle
from cdk_epc.endpoint_config.variants import (
    InferenceComponentVariant,
    InstanceVariant,
    ServerlessVariant,
)
from cdk_epc.rules.call_errors import GIVEN_TWICE
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.wire import l1_value

if TYPE_CHECKING:
    from types import FunctionType

    from cdk_epc.endpoint_config.construct import EndpointConfig

SHADOW: Final = "shadow_production_variants"

P = ParamSpec("P")
F = TypeVar("F", bound=Callable[..., object])


def _variant_method(
    name: str, value_class: Callable[P, Value], member: str, title: str
) -> Callable[Concatenate[EndpointConfig, P], VariantHandle]:
    """Return a method with the arguments of a value class that adds a variant to a list."""

    def add(config: EndpointConfig, /, *args: P.args, **kwargs: P.kwargs) -> VariantHandle:
        given = value_class(*args, **kwargs)
        variant = with_machine_image(given)
        before = getattr(config.spec, member) or ()
        part = SuppliedPart(
            (member, len(before)),
            f'{name}("{getattr(variant, "name", "")}")',
            variant,
            CallSite.current(),
        )
        converted = internals_of(config).state.convert(part)
        check_platforms(internals_of(config).state, part, converted)
        _update(config, part, (*before, converted))
        if variant is not given:
            internals_of(config).with_chosen_image.add(part.path)
        return VariantHandle(config, len(before), is_shadow=member == SHADOW)

    return _documented(add, name, value_class, title)


def _feature_method(
    name: str, value_class: Callable[P, Value], member: str, title: str
) -> Callable[Concatenate[EndpointConfig, P], None]:
    """Return a method with the arguments of a value class that configures a feature once."""

    def configure(config: EndpointConfig, /, *args: P.args, **kwargs: P.kwargs) -> None:
        set_feature(config, member, f"{name}()", value_class(*args, **kwargs), CallSite.current())

    return _documented(configure, name, value_class, title)


def _documented(function: F, name: str, value_class: Callable[..., Value], title: str) -> F:
    """Set the name, signature and docstring of a method from those of its value class."""
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    signature = inspect.signature(value_class)
    attributes = {
        "__signature__": inspect.Signature(
            [own, *signature.parameters.values()],
            return_annotation=function.__annotations__["return"],
        ),
        "__name__": name,
        "__qualname__": f"EndpointConfig.{name}",
        "__doc__": f"{title}\n\n{inspect.getdoc(value_class)}\n\nRaises:\n"
        "    EndpointConfigError: SageMaker would refuse the configuration, and no later call can "
        "fix it.",
    }
    for attribute, value in attributes.items():
        setattr(function, attribute, value)
    method = cast("FunctionType", function)
    method.__code__ = method.__code__.replace(co_name=name)  # messages and tracebacks show it
    return function


def set_feature(
    config: EndpointConfig, member: str, argument: str, value: object, site: CallSite | None
) -> None:
    """Set a member of a configuration that is not set yet."""
    state = internals_of(config).state
    part = SuppliedPart((member,), argument, value, site)
    if getattr(config.spec, member) is not None:
        earlier = find_supplied_part(state.supplied_parts, part.path)
        earlier_argument = argument if earlier is None else earlier.argument
        violation = Violation(
            path=part.path,
            got=Words("a second value"),
            sentence=f"{argument} was already called for this configuration"
            if earlier_argument == argument
            else f"{argument} is not allowed because `{earlier_argument}` is already set",
            fix="Pass all settings of the feature in one call.",
        )
        state.refuse_call(GIVEN_TWICE, violation, argument, site)
        return
    _update(config, part, state.convert(part))


def _update(config: EndpointConfig, part: SuppliedPart, value: object) -> None:
    """Set a member in the state and in the L1, and grant the permissions for the part."""
    internals, member = internals_of(config), str(part.path[0])
    internals.state.update([part], **{member: value})
    setattr(internals.resource, member, l1_value(value))
    grant_permissions(config, [part])


class EndpointConfigMethods(CheckedResource[EndpointConfigSpec, CfnEndpointConfig]):
    """Methods of a configuration that override nothing of CDK.

    They are in a base class that comes after CDK's `Resource`, because jsii compares every other
    name with all interfaces of a construct whenever one is created.
    """

    _internals: EndpointConfigInternals

    # A value class documents the arguments of its method.
    add_instance_variant = _variant_method(
        "add_instance_variant",
        InstanceVariant,
        "production_variants",
        "Add a variant that runs a model on instances.",
    )
    add_serverless_variant = _variant_method(
        "add_serverless_variant",
        ServerlessVariant,
        "production_variants",
        "Add a serverless variant.",
    )
    add_inference_component_variant = _variant_method(
        "add_inference_component_variant",
        InferenceComponentVariant,
        "production_variants",
        "Add a variant on whose instances inference components run.",
    )
    add_shadow_variant = _variant_method(
        "add_shadow_variant",
        InstanceVariant,
        SHADOW,
        "Add a shadow variant, which gets copies of requests.",
    )
    enable_async_inference = _feature_method(
        "enable_async_inference",
        AsyncInference,
        "async_inference_config",
        "Configure asynchronous inference, once.",
    )
    capture_data = _feature_method(
        "capture_data", DataCapture, "data_capture_config", "Configure data capture, once."
    )
    explain_with_clarify = _feature_method(
        "explain_with_clarify",
        ClarifyExplainer,
        "explainer_config",
        "Configure explanations with Clarify, once.",
    )
    publish_metrics = _feature_method(
        "publish_metrics",
        MetricsPublication,
        "metrics_config",
        "Configure the publication of metrics, once.",
    )

    @staticmethod
    def from_endpoint_config_arn(
        scope: Construct,
        id: str,
        endpoint_config_arn: str,
    ) -> EndpointConfigBase:
        """Import a configuration of another app by its ARN.

        SageMaker writes the name in lower case in ARNs, and also finds the configuration by the
        name in lower case.
        """
        name = name_of_arn(endpoint_config_arn)
        return ImportedEndpointConfig(scope, id, arn=endpoint_config_arn, name=name)

    @staticmethod
    def from_endpoint_config_name(
        scope: Construct,
        id: str,
        endpoint_config_name: str,
    ) -> EndpointConfigBase:
        """Import a configuration of the stack's account and region by its name."""
        arn = arn_of_name(scope, endpoint_config_name)
        return ImportedEndpointConfig(scope, id, arn=arn, name=endpoint_config_name)
