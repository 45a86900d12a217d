"""Errors of input documents: unknown members, null, and templates with a macro."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from cdk_epc.catalog import instances
from cdk_epc.rules.rule import Evidence, InputError, Severity, Violation, Words
from cdk_epc.spec.fields import LiteralStep
from cdk_epc.spec.wire import RESPONSE_ONLY, UnknownMember

_API_REFERENCE: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"

REMOVED: Final = InputError(
    id="variant-with-elastic-inference",
    title="A variant must not have an Elastic Inference accelerator",
    why="AWS has discontinued Elastic Inference, and CloudFormation refuses the member.",
    fix="Remove the member and use an instance type that has an accelerator.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_API_REFERENCE}API_ProductionVariant.html",
    facts=("EIA.REMOVED",),
)
UNKNOWN_MEMBER: Final = InputError(
    id="member-unknown",
    title="Every member must be a member of the API",
    why="The API refuses unknown members.",
    fix="Correct the spelling, including capitals, or remove the member.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_API_REFERENCE}API_CreateEndpointConfig.html",
    facts=("API.UNKNOWN_MEMBER",),
)
NULL: Final = InputError(
    id="member-null",
    title="A member must not be null",
    why="The API refuses null, and this library does not guess that the member is not wanted.",
    fix="Give a value, or remove the member.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_API_REFERENCE}API_CreateEndpointConfig.html",
)
UNPUBLISHED_MEMBER: Final = InputError(
    id="member-unpublished",
    title="A member should be a published one",
    why="The member may be newer than this library; otherwise the API refuses it.",
    fix="Check the name. If AWS has added the member, acknowledge the warning.",
    evidence=Evidence.INFERRED,
    source_url=f"{_API_REFERENCE}API_CreateEndpointConfig.html",
    severity=Severity.WARNING,
)
TRANSFORMED: Final = InputError(
    id="template-transformed",
    title="A template should not be rewritten by a macro",
    why="A macro can change every resource, so the template is not checked.",
    fix="Check the processed template, which the change set shows.",
    evidence=Evidence.OURS,
    source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "template-macros.html",
    severity=Severity.WARNING,
    of_templates=True,
)
PARAMETER_DEFAULT: Final = InputError(
    id="parameter-default-invalid",
    title="The default of a parameter should be a value that can be deployed",
    why="A deployment that does not pass the parameter fails. Deployments that pass it are not "
    "affected, and empty defaults and placeholders are not reported.",
    fix="Give a default that can be deployed, or none, so that each deployment must pass a value.",
    evidence=Evidence.INFERRED,
    source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "parameters-section-structure.html",
    severity=Severity.WARNING,
    of_templates=True,
)
_INTRINSICS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-"
)
UNKNOWN_REFERENCE: Final = InputError(
    id="reference-unknown",
    title="A reference must name a resource or a parameter of the template",
    why="CloudFormation refuses the template: Unresolved resource dependencies.",
    fix="Correct the name, or declare the resource or parameter.",
    evidence=Evidence.REAL_ERROR,
    source_url=f"{_INTRINSICS}ref.html",
    of_templates=True,
)
UNKNOWN_ATTRIBUTE: Final = InputError(
    id="attribute-unknown",
    title="Fn::GetAtt must name an attribute of the type of the resource",
    why="CloudFormation refuses the template: the resource does not support the attribute.",
    fix="Use an attribute of the type, for example EndpointName of an endpoint.",
    evidence=Evidence.REAL_ERROR,
    source_url=f"{_INTRINSICS}getatt.html",
    of_templates=True,
)
UNPUBLISHED_ATTRIBUTE: Final = InputError(
    id="attribute-unpublished",
    title="Fn::GetAtt should name a published attribute",
    why="The attribute may be newer than this library; otherwise CloudFormation refuses the "
    "template.",
    fix="Check the name. If AWS has added the attribute, acknowledge the warning.",
    evidence=Evidence.INFERRED,
    source_url=f"{_INTRINSICS}getatt.html",
    severity=Severity.WARNING,
    of_templates=True,
)
REPEATED_KEY: Final = InputError(
    id="key-repeated",
    title="A key should occur once in an object",
    why="CloudFormation and the SDKs take the last value, and ignore those before it.",
    fix="Remove one of the two.",
    evidence=Evidence.INFERRED,
    source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "template-formats.html",
    severity=Severity.WARNING,
)
INPUT_ERRORS: Final = (
    REMOVED,
    UNKNOWN_MEMBER,
    UNPUBLISHED_MEMBER,
    NULL,
    TRANSFORMED,
    PARAMETER_DEFAULT,
    UNKNOWN_REFERENCE,
    UNKNOWN_ATTRIBUTE,
    UNPUBLISHED_ATTRIBUTE,
    REPEATED_KEY,
)


def unknown_member_violations(
    unknown_members: Iterable[UnknownMember],
) -> Iterator[tuple[InputError, Violation]]:
    """Yield the violation of each member that the spec does not have."""
    for member in unknown_members:
        yield _violation(member)


def _violation(member: UnknownMember) -> tuple[InputError, Violation]:
    """Return the error of an unknown member and its violation."""
    name = member.path[-1]
    if member.value is None and not isinstance(name, LiteralStep):
        return NULL, Violation(
            path=member.path,
            got=Words("null"),
            must="have a value or be left out",
            fix="Remove the member or give a value.",
        )
    got = Words("null") if member.value is None else member.value
    if member.removed is not None:
        return REMOVED, Violation(
            path=member.path,
            got=got,
            not_allowed="because AWS has removed the feature",
            fix=f"{member.removed}.",
        )
    if member.read_only:
        fix = "Remove the member: SageMaker sets it, and callers cannot."
    elif member.path[:-1] == () and name in RESPONSE_ONLY:
        fix = "Remove the member, or give the response of DescribeEndpointConfig."
    elif not member.is_mistake:
        question = "" if member.nearest is None else f"Did you mean {member.nearest}? "
        return UNPUBLISHED_MEMBER, Violation(
            path=member.path,
            got=got,
            not_allowed=f"by the API as AWS had published it in {instances.edition()}",
            fix=f"{question}If AWS has added the member since then, acknowledge "
            "member-unpublished.",
        )
    else:
        fix = "Move the member to its object, or remove it."
        if member.nearest is not None:
            fix = f"Did you mean {member.nearest}?"
        return UNKNOWN_MEMBER, Violation(
            path=member.path,
            got=got,
            not_allowed="because the API has no such member",
            fix=fix,
        )
    return UNKNOWN_MEMBER, Violation(
        path=member.path,
        got=got,
        not_allowed="in a request; only descriptions have it",
        fix=fix,
    )
