"""Rules of instance types: their form, and whether SageMaker hosts on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog import instances
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import EndpointConfigSpec, InferenceComponentSpec, Path
from cdk_epc.spec.similarity import get_close_matches

_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
_SUBJECTS: Final = (EndpointConfigSpec, InferenceComponentSpec)
_FORM: Final = re.compile(r"ml\.[a-z0-9-]+\.[a-z0-9-]+", re.ASCII)
_SIZE: Final = re.compile(r"nano|micro|small|medium|large|([0-9]+)?xlarge|metal(-[0-9]+xl)?")


def family_of(instance_type: str) -> str | None:
    """Return the family in ``ml.<family>.<size>``; ``None`` for a name of another form."""
    return instance_type.split(".")[1] if _FORM.fullmatch(instance_type) else None


def inf1_types(spec: EndpointConfigSpec) -> Iterator[tuple[Path, str]]:
    """Yield each instance type of the Inf1 family with its path."""
    return (each for each in spec.instance_types() if each[1].startswith("ml.inf1."))


def _nearest(name: str) -> list[str]:
    """Return published types with a similar name, none for a published type."""
    if instances.is_hosting_type(name):
        return []
    return get_close_matches(f"ml.{name.removeprefix('ml.')}", instances.HOSTING_TYPES)


@rule(
    id="instance-type-malformed",
    title="An instance type must have the form ml.<family>.<size>",
    why="SageMaker refuses every other form. EC2's names lack the prefix 'ml.', and only the "
    "SageMaker SDK knows 'local' and 'local_gpu'.",
    fix="Write the type as SageMaker does, for example ml.m5.large.",
    evidence=Evidence.REAL_ERROR,
    source_url=_API,
    about=_SUBJECTS,
    eager=True,
    facts=("INS.MALFORMED", "TYP.NOT_IN_ENUM"),
)
def instance_type_malformed(
    spec: EndpointConfigSpec | InferenceComponentSpec,
) -> Iterator[Violation]:
    for path, name in spec.instance_types():
        near = _nearest(name)
        if not _FORM.fullmatch(name) or (near and not _SIZE.fullmatch(name.split(".")[2])):
            yield Violation(
                path=path,
                got=name,
                must="have the form ml.<family>.<size>",
                fix=f"Did you mean {near[0]}?"
                if near
                else "Use a type that SageMaker hosts on, for example ml.m5.large.",
                python_fix=None if near else "Use one of the constants of InstanceType.",
            )


@rule(
    id="instance-type-not-for-hosting",
    title="An instance type must be one that SageMaker hosts on",
    why="SageMaker refuses types that exist for notebooks, training or processing only.",
    fix="Use a type that SageMaker hosts on, for example ml.t2.medium for ml.t3.medium.",
    evidence=Evidence.REAL_ERROR,
    source_url=_API,
    about=_SUBJECTS,
    eager=True,
    facts=("INS.OTHER_SERVICE", "TYP.NOT_IN_ENUM"),
)
def instance_type_not_for_hosting(
    spec: EndpointConfigSpec | InferenceComponentSpec,
) -> Iterator[Violation]:
    for path, name in spec.instance_types():
        if others := instances.other_service_enums(name):
            yield Violation(
                path=path,
                got=name,
                not_allowed=f"for hosting because the API lists it only in {', '.join(others)}",
                fix="Use a type that SageMaker hosts on, for example ml.m5.large.",
                python_fix="Use one of the constants of InstanceType.",
            )


@rule(
    id="instance-type-unknown",
    title="An instance type should be a published one",
    why="The type may be newer than this library, or misspelt; SageMaker refuses the latter.",
    fix="Check the spelling. If the type is new, acknowledge the warning.",
    evidence=Evidence.INFERRED,
    source_url=_API,
    about=_SUBJECTS,
    severity=Severity.WARNING,
    facts=("INS.UNKNOWN",),
)
def instance_type_unknown(spec: EndpointConfigSpec | InferenceComponentSpec) -> Iterator[Violation]:
    for path, name in spec.instance_types():
        if (
            not instances.is_hosting_type(name)
            and _FORM.fullmatch(name)
            and (_SIZE.fullmatch(name.split(".")[2]) or not _nearest(name))
            and not instances.other_service_enums(name)
        ):
            yield Violation(
                path=path,
                got=name,
                must=f"be a type that AWS had published in {instances.edition()}",
                fix="Check the spelling. If the type is new, acknowledge instance-type-unknown.",
            )


RULES: Final = (
    instance_type_malformed,
    instance_type_not_for_hosting,
    instance_type_unknown,
)
