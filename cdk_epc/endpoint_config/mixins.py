"""Mixins: features of a configuration for an L1 ``CfnEndpointConfig``, applied by ``with_``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from aws_cdk.aws_sagemaker import CfnEndpointConfig
from constructs import IConstruct

from cdk_epc.constructs.call_signature import arguments_inside, reports_wrong_arguments
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.duck_typing import construct_path, has_member
from cdk_epc.constructs.errors import raise_call_error
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.values import ArgumentTypeError, Value, arguments_of, require_list
from cdk_epc.endpoint_config.base import CONFIG
from cdk_epc.endpoint_config.construct import EndpointConfig
from cdk_epc.endpoint_config.features import (
    AsyncInference,
    ClarifyExplainer,
    DataCapture,
    MetricsPublication,
)
from cdk_epc.endpoint_config.methods import set_feature
from cdk_epc.endpoint_config.permissions import permissions_of_feature
from cdk_epc.permissions import RolePermissions
from cdk_epc.rules.call_errors import GIVEN_TWICE
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.wire import l1_value

if TYPE_CHECKING:
    from aws_cdk.aws_iam import IRole, Role

_PERMISSIONS: Final[WeakKeyDictionary[CfnEndpointConfig, RolePermissions]] = WeakKeyDictionary()
"""Roles of the L1 configurations to which mixins were applied."""


class EndpointConfigFeature(cdk.Mixin):
    """Base class of the mixins: a feature of an endpoint configuration.

    A mixin sets the property of a `CfnEndpointConfig`. On an `EndpointConfig`, it has the effect of
    the method for the feature. A configuration that already has the feature is an error. The values
    are checked when the mixin is created; `EndpointValidator` checks the whole L1 configuration.
    """

    def __init__(
        self, member: str, feature: Value, expected: type[Value], roles: Sequence[IRole | Role]
    ) -> None:
        """Check a feature of a configuration.

        Args:
            member: Member of the configuration.
            feature: The feature.
            expected: Class of the feature.
            roles: Execution roles of the models.

        Raises:
            EndpointConfigError: SageMaker would refuse the feature.
        """
        site, name = CallSite.current(), type(self).__name__
        state: ResourceState[EndpointConfigSpec] = ResourceState(CONFIG, _Unplaced(), (), site)

        def check_type(given: object) -> object:
            if not isinstance(given, expected):
                call = f"{expected.__name__}(...)"
                raise ArgumentTypeError(given, f"made with {call}", f"Write {name}({call}).")
            return given

        part = SuppliedPart((member,), f"{name}()", feature, site)
        state.convert(part, check_type)
        state.update([part], **{member: state.convert(part)})
        self._roles = state.convert(SuppliedPart((), "roles", roles, site), _role_list)
        self._feature, self._member, self._site, self._name = feature, member, site, name
        self._value = l1_value(getattr(state.spec, member))
        super().__init__()

    def supports(self, construct: IConstruct) -> bool:
        """Return whether a construct is a configuration, but not the L1 of an `EndpointConfig`."""
        if isinstance(construct, CfnEndpointConfig):
            return not isinstance(construct.node.scope, EndpointConfig)
        return isinstance(construct, EndpointConfig)

    def apply_to(self, construct: IConstruct) -> None:
        """Set the feature of a configuration, and grant its permissions to the roles.

        Raises:
            EndpointConfigError: The configuration has the feature already.
        """
        if isinstance(construct, EndpointConfig):
            set_feature(construct, self._member, f"{self._name}()", self._feature, self._site)
            for role in self._roles:
                construct.role_permissions.add_role(role)
        elif isinstance(construct, CfnEndpointConfig) and self.supports(construct):
            self._apply_to_l1(construct)

    def _apply_to_l1(self, construct: CfnEndpointConfig) -> None:
        if getattr(construct, self._member) is not None:
            violation = Violation(
                path=(self._member,),
                got=Words("a second value"),
                sentence=f"{self._name}() is not allowed because `{self._member}` of the "
                "CfnEndpointConfig is already set",
                fix=f"Remove `{self._member}` from the CfnEndpointConfig, or this mixin.",
            )
            path = construct_path(construct)
            raise_call_error(
                GIVEN_TWICE, violation, f"{self._name}()", construct=path, site=self._site
            )
        setattr(construct, self._member, self._value)
        if not self._roles:
            return
        if (permissions := _PERMISSIONS.get(construct)) is None:
            permissions = _PERMISSIONS[construct] = RolePermissions(construct)
            permissions.wait(construct)
        permissions.add_permissions(permissions_of_feature(self._feature))
        for role in self._roles:
            permissions.add_role(role)


def _inner_arguments(cls: type[Value], argument: str) -> dict[str, str]:
    """Return the code to write for each argument of the feature of a mixin."""
    return arguments_inside(argument, cls.__name__, (each.name for each in arguments_of(cls)))


def _role_list(given: object) -> tuple[IRole, ...]:
    roles = require_list(given, "a list of roles (iam.IRole)", "Write [role].")
    for role in roles:
        if not has_member(role, "add_to_principal_policy"):
            fix = "Pass the role construct; iam.Role.from_role_arn imports a role."
            raise ArgumentTypeError(role, "a role (iam.IRole)", fix)
    return roles


class _Unplaced(ConstructScope):
    """Scope of a value that belongs to no construct yet."""

    def __init__(self) -> None:
        """Create the scope."""

    @property
    def path(self) -> str:
        """Path, which is empty."""
        return ""

    def root(self) -> None:
        """Return no app."""

    def acknowledged(self) -> Mapping[str, str]:
        """Return no acknowledgements."""
        return {}


class EndpointConfigDataCapture(EndpointConfigFeature):
    """Mixin that configures data capture of an endpoint configuration."""

    @reports_wrong_arguments(lambda: _inner_arguments(DataCapture, "data_capture"))
    def __init__(self, data_capture: DataCapture, *, roles: Sequence[IRole | Role] = ()) -> None:
        """Create the mixin.

        Args:
            data_capture: The data capture.
            roles: Execution roles of the models, which get permission to write the captured data.

        Raises:
            EndpointConfigError: SageMaker would refuse the data capture.
        """
        super().__init__("data_capture_config", data_capture, DataCapture, roles)


class EndpointConfigAsyncInference(EndpointConfigFeature):
    """Mixin that configures asynchronous inference of an endpoint configuration."""

    @reports_wrong_arguments(lambda: _inner_arguments(AsyncInference, "async_inference"))
    def __init__(
        self, async_inference: AsyncInference, *, roles: Sequence[IRole | Role] = ()
    ) -> None:
        """Create the mixin.

        Args:
            async_inference: The asynchronous inference.
            roles: Execution roles of the models, which get permission to read requests, to write
                responses and to publish notifications.

        Raises:
            EndpointConfigError: SageMaker would refuse the asynchronous inference.
        """
        super().__init__("async_inference_config", async_inference, AsyncInference, roles)


class EndpointConfigClarifyExplainer(EndpointConfigFeature):
    """Mixin that configures explanations with Clarify of an endpoint configuration."""

    @reports_wrong_arguments(lambda: _inner_arguments(ClarifyExplainer, "explainer"))
    def __init__(self, explainer: ClarifyExplainer, *, roles: Sequence[IRole | Role] = ()) -> None:
        """Create the mixin.

        Args:
            explainer: The explainer.
            roles: Execution roles of the models, which get permission to read the SHAP baseline.

        Raises:
            EndpointConfigError: SageMaker would refuse the explainer.
        """
        super().__init__("explainer_config", explainer, ClarifyExplainer, roles)


class EndpointConfigMetricsPublication(EndpointConfigFeature):
    """Mixin that configures the metrics that an endpoint publishes."""

    @reports_wrong_arguments(lambda: _inner_arguments(MetricsPublication, "metrics"))
    def __init__(self, metrics: MetricsPublication) -> None:
        """Create the mixin.

        Args:
            metrics: The published metrics.

        Raises:
            EndpointConfigError: SageMaker would refuse the settings.
        """
        super().__init__("metrics_config", metrics, MetricsPublication, ())
