"""Effects of an update on endpoints, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from cdk_epc.cli.formats.text import Style
from cdk_epc.cli.result import UpdateResult
from cdk_epc.rules.printable import printable, printable_line
from cdk_epc.updates.deployment import (
    EndpointPlan,
    InstanceDemand,
    Range,
    TrafficPlan,
    total_demand,
)
from cdk_epc.updates.notes import UpdateNote

_MINUTE: Final = 60
_LISTED: Final = 4
"""Changed properties that a line lists."""


def text_lines(update: UpdateResult, style: Style) -> Iterator[str]:
    """Yield some lines about each endpoint and each note, and an empty one after them."""
    for plan in update.plans:
        yield f"{style.bold(printable_line(title(plan)))}: {effect(plan)}"
        for label, value in rows(plan):
            yield f"    {label}: {printable(value)}"
        yield ""
    for total in totals(update):
        yield printable(total)
    if len(update.plans) > 1:
        yield ""
    for note in update.notes:
        yield f"{style.bold(printable_line(title(note)))}: {printable(note.text)}"
    if update.notes:
        yield ""


def totals(update: UpdateResult) -> Iterator[str]:
    """Yield the instances of all endpoints together, if there are several."""
    if len(update.plans) > 1:
        for each in total_demand(update.plans):
            where = f" in {each.region}" if each.region else ""
            yield f"all endpoints{where}, {each.demand.instance_type}: {demand(each.demand)}"


def title(about: EndpointPlan | UpdateNote) -> str:
    """Return a resource with its file, and an endpoint with its region."""
    region = about.region if isinstance(about, EndpointPlan) else None
    return f"{about.logical_id} ({about.stack}{f', {region}' if region else ''})"


def effect(plan: EndpointPlan) -> str:
    """Return the effect of the update in a few words."""
    if plan.is_replaced:
        return "replaced by another endpoint"
    if plan.has_new_fleet:
        return "updated in place, with a new fleet"
    if plan.changed == ("Tags",):
        return "new tags, nothing else"
    return "updated in place; AWS does not document if this starts a deployment"


def rows(plan: EndpointPlan) -> Iterator[tuple[str, str]]:
    """Yield the facts about an update, each with its label."""
    if plan.replaced:
        yield "replaced", "; ".join(f"{id_} for {_short(names)}" for id_, names in plan.replaced)
    else:
        yield "changed", _short(plan.changed)
    if plan.traffic is not None:
        yield "traffic", traffic(plan.traffic)
    for each in plan.demand:
        yield each.instance_type, demand(each)
    if plan.is_serverless:
        yield "capacity", "serverless; the first requests to the new containers wait for them"
    for note in plan.notes:
        yield "note", note
    if plan.traffic is not None:
        yield "afterwards", _AFTERWARDS


_AFTERWARDS: Final = (
    "DescribeEndpoint must show the new EndpointConfigName and no FailureReason; otherwise the "
    "update was rolled back"
)


def _short(names: tuple[str, ...]) -> str:
    listed = list(names[:_LISTED])
    if more := len(names) - len(listed):
        listed.append(f"{more} more")
    return ", ".join(listed)


def traffic(plan: TrafficPlan) -> str:
    """Return the steps of the traffic, the waits and the limit."""
    steps = " ".join(map(str, plan.percentages))
    text = f"{steps} % ({plan.policy})"
    if plan.is_fallback:
        return f"{text}, because SageMaker ignores the deployment policy here"
    waits = duration(plan.seconds) if plan.seconds else "no"
    text += f"; {waits} {'of waits' if plan.seconds else 'waits'} and the start of the instances"
    return f"{text}; limit {duration(plan.limit)}" if plan.limit is not None else text


def duration(seconds: int) -> str:
    """Return a duration in minutes, or in seconds if it is no whole number of them."""
    return f"{seconds} s" if seconds % _MINUTE else f"{seconds // _MINUTE} min"


def demand(each: InstanceDemand) -> str:
    """Return the numbers of instances of a type."""
    text = f"{each.before} now, {each.peak} at peak, {each.after} afterwards"
    return text if each.rollback == each.peak else f"{text}; {each.rollback} in a rollback"


def plan_object(plan: EndpointPlan) -> dict[str, Any]:
    """Return the JSON of a plan."""
    steps = plan.traffic
    return {
        "stack": plan.stack,
        "endpoint": plan.logical_id,
        "region": plan.region,
        "effect": effect(plan),
        "is_replaced": plan.is_replaced,
        "has_new_fleet": plan.has_new_fleet,
        "changed": list(plan.changed),
        "replaced": [{"resource": id_, "properties": list(names)} for id_, names in plan.replaced],
        "traffic": None
        if steps is None
        else {
            "policy": steps.policy,
            "percentages": list(steps.percentages),
            "wait": steps.wait,
            "termination_wait": steps.termination_wait,
            "seconds": steps.seconds,
            "limit": steps.limit,
            "is_fallback": steps.is_fallback,
        },
        "notes": list(plan.notes),
        "instances": [_demand_object(each) for each in plan.demand],
    }


def totals_object(plans: Sequence[EndpointPlan]) -> list[dict[str, Any]]:
    """Return the JSON of the instances of all endpoints together."""
    return [{"region": each.region, **_demand_object(each.demand)} for each in total_demand(plans)]


def _demand_object(each: InstanceDemand) -> dict[str, Any]:
    return {
        "type": each.instance_type,
        "before": _bounds(each.before),
        "peak": _bounds(each.peak),
        "after": _bounds(each.after),
        "rollback": _bounds(each.rollback),
    }


def _bounds(number: Range) -> dict[str, int]:
    return {"minimum": number.minimum, "maximum": number.maximum}
