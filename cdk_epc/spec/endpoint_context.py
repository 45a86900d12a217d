"""Endpoint with its related resources, and its rollback alarms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import attrs

from cdk_epc._records import Record
from cdk_epc.spec.context import ConfigContext, Context
from cdk_epc.spec.empty import new_dict
from cdk_epc.spec.endpoint import EndpointSpec
from cdk_epc.spec.fields import Path

if TYPE_CHECKING:
    from cdk_epc.spec.alarm import CompositeAlarmSpec


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ReferencedAlarm(Record):
    """Alarm of the rollback configuration of a deployment.

    Attributes:
        logical_id: Logical id of the alarm.
        is_dependent: Whether the alarm depends on the deployed endpoint or component, so that
            neither of the two can be created first.
        composite: The alarm, if it is a composite alarm.
    """

    logical_id: str
    is_dependent: bool = False
    composite: CompositeAlarmSpec | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ReferencedPolicy(Record):
    """IAM policy, a separate resource, of an execution role.

    Attributes:
        logical_id: Logical id of the policy.
        role: Logical id of the role.
        is_dependency: Whether the endpoint depends on the policy.
    """

    logical_id: str
    role: str
    is_dependency: bool = True


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EndpointContext(Context):
    """Endpoint with its configuration, rollback alarms and the policies of its roles.

    Attributes:
        endpoint: Spec of the endpoint.
        config: Configuration of the endpoint, if it is known.
        other_endpoint_names: Names of the other endpoints of the same app, region and account.
        alarms: Rollback alarms by the path of the name: ``("deployment_config",
            "auto_rollback_configuration", "alarms", 0, "alarm_name")``.
        policies: Policies, in the same template, of the execution roles of its variants.
        is_config_imported: Whether the name of the configuration is an output of another stack.
        weak_references: Paths of the imported names that are weak references
            (``Fn::GetStackOutput``), which the other stack may change at any time.
        may_be_scaled: Whether a scalable target whose resource id is unresolved, or names an
            unknown variant of the endpoint, may scale one of its variants.
    """

    ROOT: ClassVar = EndpointSpec

    endpoint: EndpointSpec
    config: ConfigContext | None = None
    other_endpoint_names: frozenset[str] = frozenset()
    alarms: Mapping[Path, ReferencedAlarm] = attrs.Factory(new_dict)
    policies: tuple[ReferencedPolicy, ...] = ()
    is_config_imported: bool = False
    weak_references: frozenset[Path] = frozenset()
    may_be_scaled: bool = False
