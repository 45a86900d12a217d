"""Alarms that could not be made before the endpoint that is rolled back for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

import aws_cdk as cdk

from cdk_epc.rules import alarms
from cdk_epc.rules.rule import Fault, Words
from cdk_epc.spec.unresolved import is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cdk_epc.constructs.call_sites import CallSite
    from cdk_epc.endpoint.construct import Endpoint
    from cdk_epc.endpoint.deploying import Deploying

(_CYCLE,) = (rule for rule in alarms.RULES if rule.id == "rollback-alarm-cycle")
_MANY: Final = "using_metrics"


def refuse_cycles(
    endpoint: Deploying, given: Iterable[Any], words: str, site: CallSite | None
) -> None:
    """Refuse alarms on metrics whose dimension is a reference to the endpoint.

    What an alarm of another kind than CDK's `Alarm` watches is seen in the template.

    Raises:
        EndpointConfigError: One of them is such an alarm.
    """
    own: str | None = None
    # Known to refer to no endpoint, so that Node need not be asked.
    harmless = {cast("Endpoint", endpoint).name_in_metrics, endpoint.spec.endpoint_config_name}
    for index, alarm in enumerate(given):
        for value in _dimensions(getattr(alarm, "metric", None)):
            if value in harmless:
                continue
            own = own or endpoint.node.path
            if any(path.startswith(f"{own}/") for path in _behind(value)):
                fault = Fault(
                    path=("deployment_config", "auto_rollback_configuration"),
                    got=Words("an alarm on a reference to the endpoint, which refers to the alarm"),
                    allowed="an alarm that can be made first",
                    fix="Write endpoint.name_in_metrics into its dimension, not endpoint_name.",
                )
                endpoint._draft.refuse(_CYCLE, fault, f"{words}[{index}]", site)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own


def _dimensions(metric: Any) -> Iterator[str]:  # noqa: ANN401 - as it offers
    """The dimensions of a metric, or of those of an expression, that are not known at synth."""
    dimensions: Mapping[str, Any] = getattr(metric, "dimensions", None) or {}
    yield from (value for value in dimensions.values() if is_unknown(value))
    below: Mapping[str, Any] = getattr(metric, _MANY, None) or {}
    for each in below.values():
        yield from _dimensions(each)


def _behind(value: str) -> Iterator[str]:
    """The paths of the resources that the tokens in a text refer to."""
    for token in cdk.Tokenization.reverse_string(value).tokens:
        if (target := getattr(token, "target", None)) is not None:
            yield target.node.path
