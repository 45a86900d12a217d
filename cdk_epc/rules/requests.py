"""Rules of requests: members that have no place in a configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Rule, Severity, Violation, Words
from cdk_epc.spec.fields import AsWritten
from cdk_epc.spec.wire import RESPONSE_ONLY, UnknownMember

_API: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html"
)
_VARIANT: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
)


def stray_violations(unknown_members: Iterable[UnknownMember]) -> Iterator[tuple[Rule, Violation]]:
    """The fault of each member that has no place in the spec."""
    for unknown_member in unknown_members:
        name = unknown_member.path[-1]
        if unknown_member.value is None and not isinstance(name, AsWritten):
            rule, allowed, fix = NULL, "a value, or to be left out", "Leave it out."
        elif unknown_member.removed is not None:
            rule, allowed, fix = REMOVED, "nothing", f"{unknown_member.removed}."
        elif unknown_member.read_only:
            rule, allowed = UNKNOWN_MEMBER, "nothing, only descriptions have it"
            fix = "Take it out: SageMaker says it, and nobody can set it."
        elif unknown_member.path[:-1] == () and name in RESPONSE_ONLY:
            rule, allowed = UNKNOWN_MEMBER, "nothing, only descriptions have it"
            fix = "Take it out, or give the whole response of DescribeEndpointConfig."
        else:
            rule, allowed = UNKNOWN_MEMBER, "members of the API"
            fix = (
                f"Did you mean {unknown_member.nearest}?"
                if unknown_member.nearest
                else "Take it out."
            )
        got = Words("null") if unknown_member.value is None else unknown_member.value
        yield rule, Violation(path=unknown_member.path, got=got, allowed=allowed, fix=fix)


# These see the request, not the spec, which has no place for what they find.
REMOVED: Final = Rule(
    id="variant-with-elastic-inference",
    title="No variant has an Elastic Inference accelerator",
    why="AWS has discontinued Elastic Inference, and CloudFormation refuses the member.",
    fix="Take the member out, and use an instance type with an accelerator of its own.",
    evidence=Evidence.DOCUMENTED,
    source_url=_VARIANT,
    check=lambda _: (),
    eager=True,
    facts=("EIA.REMOVED",),
)
UNKNOWN_MEMBER: Final = Rule(
    id="member-unknown",
    title="Every member is one that the API knows",
    why="The API refuses a member that it does not know.",
    fix="Correct the spelling, capitals included, or take the member out.",
    evidence=Evidence.DOCUMENTED,
    source_url=_API,
    check=lambda _: (),
    eager=True,
    facts=("API.UNKNOWN_MEMBER",),
)
NULL: Final = Rule(
    id="member-null",
    title="A member that is there has a value",
    why="The API refuses null; leaving it out silently would be a guess.",
    fix="Give a value, or leave the member out.",
    evidence=Evidence.DOCUMENTED,
    source_url=_API,
    check=lambda _: (),
    eager=True,
)
BACKFILL: Final = Rule(
    id="description-backfilled",
    title="A description has nothing that a request could not have had",
    why="DescribeEndpointConfig fills in a weight and a volume size that nobody asked for; where "
    "the service refuses them in a request, they are left out.",
    fix="Nothing, unless the value was meant; then the request that made the configuration "
    "was another one.",
    evidence=Evidence.OURS,
    source_url="https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_DescribeEndpointConfig.html",
    check=lambda _: (),
    severity=Severity.WARNING,
)


# The reader of templates sees the transform; no resource has a place for it.
NOT_JUDGED: Final = Rule(
    id="template-transformed",
    title="A template is not rewritten before it is deployed",
    why="A macro may change every resource, so nothing in the template is judged.",
    fix="Check the template that the macro makes: that of the change set.",
    evidence=Evidence.OURS,
    source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "template-macros.html",
    about=(),
    check=lambda _: (),
    severity=Severity.WARNING,
    of_templates=True,
)


RULES: Final = (
    REMOVED,
    UNKNOWN_MEMBER,
    NULL,
    BACKFILL,
    NOT_JUDGED,
)
