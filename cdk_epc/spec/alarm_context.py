"""Alarm with the endpoints that its dimensions name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs

from cdk_epc.spec.alarm import AlarmSpec
from cdk_epc.spec.context import Context
from cdk_epc.spec.empty import new_dict
from cdk_epc.spec.endpoint_context import EndpointContext
from cdk_epc.spec.fields import Path


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AlarmContext(Context):
    """Alarm on a metric of SageMaker with the endpoints that its dimensions name.

    Attributes:
        alarm: Spec of the alarm.
        endpoints: Named endpoints by the path of the dimension's value: ``("dimensions", 0,
            "value")``, or the path below one of several metrics.
        similar_endpoint_names: Names of endpoints that differ from such a value in letter case
            only, by the path of the value.
        region: Region of the deployment, if it is known.
    """

    ROOT: ClassVar = AlarmSpec

    alarm: AlarmSpec
    endpoints: Mapping[Path, EndpointContext] = attrs.Factory(new_dict)
    similar_endpoint_names: Mapping[Path, str] = attrs.Factory(new_dict)
    region: str | None = None
