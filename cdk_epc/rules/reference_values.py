"""Rule on references whose value has the wrong form, such as a name in the place of an ARN."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

import attrs

from cdk_epc._records import Record
from cdk_epc.rules.images import is_image_outside_ecr
from cdk_epc.rules.rule import Evidence, Violation, Words, rule
from cdk_epc.spec import (
    EndpointConfigSpec,
    EndpointSpec,
    InferenceComponentSpec,
    ModelSpec,
    Path,
    Spec,
)
from cdk_epc.spec.fields import Member
from cdk_epc.spec.unresolved import SCALAR_TYPES, Reference, Unresolved, is_list, parts_of
from cdk_epc.spec.wire import members_with_values

_RETURN_VALUES: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "intrinsic-function-reference-ref.html"
)
_IMAGE: Final = "image"
_BUCKET: Final = "AWS::S3::Bucket"
_REPOSITORY: Final = "AWS::ECR::Repository"
_PARAMETER: Final = "AWS::SSM::Parameter"
_NAME: Final = "stack-resource-1a2b3c4d5e6f7"
_OF_S3: Final = "s3"
"""Part of the patterns of S3 URIs."""
# A bucket has no colon in its name, and its domain name is no part of its S3 URI.
_NO_BUCKET: Final = re.compile(
    r"(?:s3|https)://arn:.*|s3://[^/]+\.amazonaws\.com(?:/.*)?", re.DOTALL
)


@attrs.frozen(eq=False, repr=False)
class _Value(Record):
    """Value of a reference to a resource.

    Attributes:
        form: Form of the value, in words.
        sample: A value of this form.
    """

    form: str
    sample: str


def _arn(service: str, resource: str) -> _Value:
    return _Value("ARN", f"arn:aws:{service}:{resource}")


_VALUES: Final[Mapping[str, Mapping[str | None, _Value]]] = {
    "AWS::IAM::Role": {
        None: _Value("name", _NAME),
        "Arn": _arn("iam:", f"123456789012:role/{_NAME}"),
        "RoleId": _Value("id", "AROA1234567890EXAMPLE"),
    },
    "AWS::IAM::InstanceProfile": {
        None: _Value("name", _NAME),
        "Arn": _arn("iam:", f"123456789012:instance-profile/{_NAME}"),
    },
    "AWS::IAM::ManagedPolicy": {None: _arn("iam:", f"123456789012:policy/{_NAME}")},
    _REPOSITORY: {
        None: _Value("name", _NAME),
        "Arn": _arn("ecr", f"us-east-1:123456789012:repository/{_NAME}"),
        "RepositoryUri": _Value("URI", f"123456789012.dkr.ecr.us-east-1.amazonaws.com/{_NAME}"),
    },
    _BUCKET: {
        None: _Value("name", _NAME),
        "Arn": _arn("s3", f"::{_NAME}"),
        "DomainName": _Value("domain name", f"{_NAME}.s3.amazonaws.com"),
        "RegionalDomainName": _Value("domain name", f"{_NAME}.s3.us-east-1.amazonaws.com"),
        "DualStackDomainName": _Value(
            "domain name", f"{_NAME}.s3.dualstack.us-east-1.amazonaws.com"
        ),
    },
    "AWS::SNS::Topic": {
        None: _arn("sns", f"us-east-1:123456789012:{_NAME}"),
        "TopicArn": _arn("sns", f"us-east-1:123456789012:{_NAME}"),
        "TopicName": _Value("name", _NAME),
    },
    "AWS::SQS::Queue": {
        None: _Value("URL", f"https://sqs.us-east-1.amazonaws.com/123456789012/{_NAME}"),
        "Arn": _arn("sqs", f"us-east-1:123456789012:{_NAME}"),
        "QueueName": _Value("name", _NAME),
    },
    _PARAMETER: {None: _Value("name", f"CFN-{_NAME}")},
}
"""Values of `Ref` and of attributes by the type of the resource, as its reference page says."""

_Part: TypeAlias = str | Reference | None


def _references(spec: Spec, path: Path = ()) -> Iterator[tuple[Spec, Member, Path, Unresolved]]:
    """Yield each unresolved value of a text member with its spec, its member and its path."""
    for member, value in members_with_values(spec):
        if type(value) in SCALAR_TYPES or member.key is not None:
            continue
        place = (*path, member.name)
        items = enumerate(value) if is_list(value) else ((None, value),)
        for index, item in items:
            at = place if index is None else (*place, index)
            if isinstance(item, Spec):
                yield from _references(item, at)
            elif isinstance(item, Unresolved) and member.bounds and member.bounds.kind is str:
                yield spec, member, at, item


def _is_wrong(
    spec: Spec, member: Member, parts: tuple[_Part, ...], values: Mapping[int, str]
) -> bool:
    """Return whether a member does not accept a text with these values of references."""
    if member.name == _IMAGE:
        known = [
            each if isinstance(each, str) else values.get(index) for index, each in enumerate(parts)
        ]
        # With an image configuration, the image may be in another registry.
        return getattr(spec, "image_config", None) is None and is_image_outside_ecr(known)
    text = "".join(
        each if isinstance(each, str) else values.get(index, "a")
        for index, each in enumerate(parts)
    )
    pattern = member.bounds.pattern if member.bounds else None
    if pattern is None:
        return False
    if not pattern.fullmatch(text):
        return True
    return _OF_S3 in pattern.pattern and _NO_BUCKET.fullmatch(text) is not None


@rule(
    id="reference-form-mismatch",
    title="A reference must give a value of the form that the member requires",
    why="Ref and Fn::GetAtt of a resource give its name, its ARN or another value, which its page "
    "in CloudFormation's reference names. SageMaker refuses a value of another form.",
    fix="Use the attribute that gives the required form, or Fn::Sub to write the value.",
    evidence=Evidence.DOCUMENTED,
    source_url=_RETURN_VALUES,
    about=(EndpointConfigSpec, ModelSpec, EndpointSpec, InferenceComponentSpec),
    of_templates=True,
    eager=True,
)
def reference_form_mismatch(spec: Spec) -> Iterator[Violation]:
    for owner, member, path, value in _references(spec):
        parts = parts_of(value)
        known = {
            index: _VALUES[each.type][each.attribute]
            for index, each in enumerate(parts)
            if isinstance(each, Reference) and each.attribute in _VALUES.get(each.type, {})
        }
        samples = {index: each.sample for index, each in known.items()}
        if not known or not _is_wrong(owner, member, parts, samples):
            continue
        for index, given in known.items():
            reference = parts[index]
            if not isinstance(reference, Reference):
                continue
            remedy = _remedy(owner, member, parts, samples, index)
            if remedy is None and len(parts) > 1:
                continue  # another part may be the wrong one
            if remedy is None:
                yield _wrong_type(path, member, reference, given)
            else:
                yield _violation(path, reference, given, remedy, is_part=len(parts) > 1)
            break


def _remedy(
    spec: Spec,
    member: Member,
    parts: tuple[_Part, ...],
    samples: Mapping[int, str],
    index: int,
) -> tuple[str, str] | None:
    """Return the required form and the fix for a reference; ``None`` if it has no right form."""
    reference = parts[index]
    if not isinstance(reference, Reference):
        return None
    logical_id, values = reference.logical_id, _VALUES[reference.type]
    for attribute, value in values.items():
        if not _is_wrong(spec, member, parts, {**samples, index: value.sample}):
            is_image = member.name == _IMAGE and len(parts) == 1
            return f"its {value.form}", (
                f'Use {{"Fn::Sub": "${{{logical_id}.RepositoryUri}}:TAG"}} with the tag of the '
                "image."
                if is_image
                else f"Use {_expression(logical_id, attribute)}."
            )
    if reference.type == _PARAMETER and len(parts) == 1:
        return "its value", f"Use {_expression(logical_id, 'Value')}."
    if reference.type == _BUCKET:
        uri = f"s3://{values[None].sample}/"
        if not _is_wrong(spec, member, parts, {**samples, index: uri}):
            return f"an S3 URI that begins with s3://${{{logical_id}}}/", (
                f'Use {{"Fn::Sub": "s3://${{{logical_id}}}/KEY"}} with the key or prefix.'
            )
    return None


def _expression(logical_id: str, attribute: str | None) -> str:
    if attribute is None:
        return f'{{"Ref": "{logical_id}"}}'
    return f'{{"Fn::GetAtt": ["{logical_id}", "{attribute}"]}}'


def _violation(
    path: Path, reference: Reference, given: _Value, remedy: tuple[str, str], *, is_part: bool
) -> Violation:
    must, fix = remedy
    got = f"the {given.form} of {reference.logical_id}"
    if reference.template is not None:
        fix = f"Export another value of {reference.logical_id}, and import it."
    if not is_part:
        return Violation(path=path, got=Words(got), must=f"be {must}", fix=fix)
    verb = "be" if must.startswith("an ") else "contain"
    return Violation(path=path, got=Words(f"a text with {got}"), must=f"{verb} {must}", fix=fix)


def _wrong_type(path: Path, member: Member, reference: Reference, given: _Value) -> Violation:
    pattern = member.bounds.pattern if member.bounds else None
    return Violation(
        path=path,
        got=Words(f"the {given.form} of {reference.logical_id}, an {reference.type}"),
        must="be the URI of an image in Amazon ECR"
        if member.name == _IMAGE or pattern is None
        else f"match {pattern.pattern}",
        fix="Refer to a resource of the type that the member requires.",
    )


RULES: Final = (reference_form_mismatch,)
