"""References to names that the template does not declare, and to attributes that a type lacks.

CloudFormation refuses both before it creates anything, also in parts with a false condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.rules.finding import Finding
from cdk_epc.rules.requests import (
    UNKNOWN_ATTRIBUTE,
    UNKNOWN_REFERENCE,
    UNPUBLISHED_ATTRIBUTE,
)
from cdk_epc.rules.rule import Diagnostic, Violation, Words
from cdk_epc.spec.fields import Path
from cdk_epc.spec.similarity import get_close_matches
from cdk_epc.spec.unresolved import SCALAR_TYPES, is_list, is_mapping
from cdk_epc.templates.app import COMPONENT, CONFIG, ENDPOINT, MODEL
from cdk_epc.templates.context.alarms import ALARM
from cdk_epc.templates.context.scaled_resources import POLICY, TARGET
from cdk_epc.templates.expressions import MAX_DEPTH, SUB_VARIABLE, is_function
from cdk_epc.templates.template import Template

ATTRIBUTES: Final[Mapping[str, tuple[str, ...]]] = {
    CONFIG: ("EndpointConfigName", "EndpointConfigArn", "Id"),
    MODEL: ("ModelName", "ModelArn", "Id"),
    ENDPOINT: ("EndpointName", "EndpointArn", "Id"),
    COMPONENT: (
        "InferenceComponentArn",
        "InferenceComponentStatus",
        "CreationTime",
        "LastModifiedTime",
        "FailureReason",
        "RuntimeConfig.CurrentCopyCount",
        "RuntimeConfig.DesiredCopyCount",
        "RuntimeConfig.PlacementStatus",
        "Specification.Container.DeployedImage",
        "Specification.CurrentDataCacheConfig",
    ),
    TARGET: ("Id",),
    POLICY: ("Arn",),
    ALARM: ("Arn",),
    "AWS::IAM::Role": ("Arn", "RoleId"),
    "AWS::SNS::Topic": ("TopicArn", "TopicName"),
    "AWS::KMS::Key": ("Arn", "KeyId"),
    "AWS::ECR::Repository": ("Arn", "RepositoryUri"),
}
"""Attributes of the types that this library checks, and of those that they refer to most.

From CloudFormation's schemas.
"""
_PSEUDO_PARAMETERS: Final = (
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
)
_SECTIONS: Final = {"Fn::If": ("Conditions", "condition"), "Fn::FindInMap": ("Mappings", "map")}
"""Sections with the names that are the first argument of a function, and their kinds."""
_EXPANDED: Final = ("Fn::ForEach", "Fn::Transform")
"""Functions whose content CloudFormation replaces before it looks at the references."""

_MAX_SIMILAR: Final = 25
"""Unknown names of a template for which a similar name is searched."""

_MISSPELT: Final = 0.75
"""Similarity of a misspelt attribute; EndpointStatus and EndpointName have 0.69."""

_REFERENCES: Final = frozenset({"Ref", "Fn::GetAtt", "Fn::Sub", *_SECTIONS})

_Reference: TypeAlias = tuple[str, str | None, Path]
"""Name, attribute and position of a reference."""


def reference_findings(
    template: Template, logical_id: str, rules: Mapping[str, Diagnostic]
) -> Iterator[Finding]:
    """Yield a finding for each name and attribute that does not exist, once for each resource.

    Args:
        template: Template of the resource.
        logical_id: Logical id of the resource.
        rules: All rules by id, with the severities that apply.
    """
    base = template.place(logical_id)
    resource = template.resources[logical_id]
    condition = resource.get("Condition")
    is_conditional = isinstance(condition, str) and condition not in template.conditions
    if not (
        "DependsOn" in resource
        or is_conditional
        or _may_be_wrong(template, resource.get("Properties"))
    ):
        return
    references = list(_references(resource.get("Properties"), (*base, "Properties"), 0))
    depends_on = resource.get("DependsOn")
    for index, name in enumerate(depends_on if is_list(depends_on) else [depends_on]):
        if isinstance(name, str):
            place = (*base, "DependsOn", index) if is_list(depends_on) else (*base, "DependsOn")
            references.append((name, None, place))
    found = [
        (place, _reference_finding(template, name, attribute))
        for name, attribute, place in references
    ]
    named = list(_named(resource.get("Properties"), (*base, "Properties"), 0))
    if isinstance(condition, str):
        named.append(("Fn::If", condition, (*base, "Condition")))
    found += [(place, _name_finding(template, *each)) for *each, place in named]
    seen: set[str] = set()
    for place, each in found:
        if each is not None and str(each[1].got) not in seen:
            diagnostic, violation = each
            seen.add(str(violation.got))
            steps = place[len(base) :]
            path = ".".join(str(step) for step in steps if not str(step).startswith("Fn::"))
            finding = Finding.of(rules[diagnostic.id], violation, path)
            yield attrs.evolve(finding, resource=logical_id, place=place)


def _named(node: Any, place: Path, depth: int) -> Iterator[tuple[str, str, Path]]:  # noqa: ANN401
    """Yield the names of conditions and maps in an expression: function, name and position."""
    if depth > MAX_DEPTH:
        return
    if is_list(node):
        for index, item in enumerate(node):
            yield from _named(item, (*place, index), depth + 1)
    elif is_mapping(node):
        for key, value in node.items():
            at = (*place, key)
            if str(key).startswith(_EXPANDED):
                continue
            if key in _SECTIONS and is_list(value) and value and isinstance(value[0], str):
                yield key, value[0], (*at, 0)
            yield from _named(value, at, depth + 1)


def _name_finding(
    template: Template, function: str, name: str
) -> tuple[Diagnostic, Violation] | None:
    """Return the finding about the name of a condition or a map that does not exist."""
    section, kind = _SECTIONS[function]
    declared = template.section(section)
    is_complete = _declares_all_names(template) and not any(map(is_function, declared))
    if name in declared or not is_complete:
        return None
    near = get_close_matches(name, [str(each) for each in declared], 1)
    return UNKNOWN_REFERENCE, Violation(
        path=(),
        got=Words(f"{kind} {name}"),
        sentence=f"the template has no {kind} {name}; the deployment fails",
        fix=f"Did you mean {near[0]}?" if near else f"Declare the {kind} in {section}.",
    )


def _may_be_wrong(template: Template, properties: Any) -> bool:  # noqa: ANN401 - JSON
    """Return whether an expression has a reference that is not obviously right.

    Nearly all references are right, and this is several times faster than the whole search.
    """
    remaining: list[Any] = [properties]
    while remaining:
        node = remaining.pop()
        if is_mapping(node):
            remaining += [value for value in node.values() if type(value) not in SCALAR_TYPES]
            if _REFERENCES.isdisjoint(node):
                continue
            for key in node:
                if key in _REFERENCES and not _is_right(template, key, node[key]):
                    return True
        elif is_list(node):
            remaining += [item for item in node if type(item) not in SCALAR_TYPES]
    return False


def _is_right(template: Template, function: str, argument: Any) -> bool:  # noqa: ANN401 - JSON
    """Return whether a reference is obviously right."""
    if function == "Ref":
        return isinstance(argument, str) and (
            argument in template.resources
            or argument in template.parameters
            or argument in _PSEUDO_PARAMETERS
        )
    if function in _SECTIONS:
        name = argument[0] if is_list(argument) and argument else None
        return not isinstance(name, str) or name in template.section(_SECTIONS[function][0])
    if function == "Fn::GetAtt" and is_list(argument) and len(argument) == 2:  # noqa: PLR2004
        name, attribute = argument
        resource = template.resources.get(name) if isinstance(name, str) else None
        known = ATTRIBUTES.get(resource["Type"]) if resource is not None else ()
        return resource is not None and (known is None or attribute in known)
    return False


def _references(node: Any, place: Path, depth: int) -> Iterator[_Reference]:  # noqa: ANN401 - JSON
    if depth > MAX_DEPTH:
        return
    if is_list(node):
        for index, item in enumerate(node):
            yield from _references(item, (*place, index), depth + 1)
        return
    if not is_mapping(node):
        return
    for key, value in node.items():
        at = (*place, key)
        if str(key).startswith(_EXPANDED):
            continue
        if key == "Ref" and isinstance(value, str):
            yield value, None, at
        elif key == "Fn::GetAtt":
            yield from _attribute(value, at)
        elif key == "Fn::Sub":
            yield from _variables(value, at)
        yield from _references(value, at, depth + 1)


def _attribute(argument: Any, place: Path) -> Iterator[_Reference]:  # noqa: ANN401 - JSON
    if isinstance(argument, str):
        argument = list(argument.partition(".")[::2])
    if is_list(argument) and len(argument) == 2 and isinstance(argument[0], str):  # noqa: PLR2004
        name, attribute = argument
        if isinstance(attribute, str):
            yield name, attribute, place
        else:
            yield name, None, place


def _variables(argument: Any, place: Path) -> Iterator[_Reference]:  # noqa: ANN401 - JSON
    text, values = argument, {}
    if is_list(argument) and len(argument) == 2 and is_mapping(argument[1]):  # noqa: PLR2004
        text, values = argument
    if isinstance(text, str):
        for match in SUB_VARIABLE.finditer(text):
            variable = match[1].strip()
            if variable in values or variable.startswith("!") or not variable:
                continue
            name, dot, attribute = variable.partition(".")
            yield name, attribute if dot else None, place


def _reference_finding(
    template: Template, name: str, attribute: str | None
) -> tuple[Diagnostic, Violation] | None:
    if name in template.resources:
        return None if attribute is None else _attribute_finding(template, name, attribute)
    if name.startswith("AWS::"):
        return _pseudo_finding(name)
    if (
        not _declares_all_names(template)
        or name in template.parameters
        or _is_declared_otherwise(template, name)
    ):
        return None
    similar = _similar_name(template, name)
    return UNKNOWN_REFERENCE, Violation(
        path=(),
        got=Words(name),
        sentence=f"the template has no resource or parameter {name}; the deployment fails",
        fix=f"Did you mean {similar}?" if similar else "Declare the name, or remove the reference.",
    )


def _attribute_finding(
    template: Template, name: str, attribute: str
) -> tuple[Diagnostic, Violation] | None:
    """Return the finding about an attribute: an error if its name is surely a mistake."""
    type_ = template.resources[name]["Type"]
    known = ATTRIBUTES.get(type_)
    if known is None or attribute in known:
        return None
    if attribute.startswith("Specifications."):  # with the index of one of several
        return None
    got, meant = Words(f"{name}.{attribute}"), _meant_attribute(type_, known, attribute)
    if meant is None and template.raw_property(name, attribute) is None:
        return UNPUBLISHED_ATTRIBUTE, Violation(
            path=(),
            got=got,
            sentence=f"{attribute} of {name} is not a published attribute of {type_}",
            fix=f"Use {' or '.join(known[:2])}. If AWS has added the attribute, acknowledge "
            "attribute-unpublished.",
        )
    return UNKNOWN_ATTRIBUTE, Violation(
        path=(),
        got=got,
        sentence=f"{name} has no attribute {attribute}, because {type_} does not have it; the "
        "deployment fails",
        fix=f"Did you mean {meant}?" if meant else f"Use {' or '.join(known[:2])}.",
    )


def _meant_attribute(type_: str, known: tuple[str, ...], attribute: str) -> str | None:
    """Return the attribute of which a name is a misspelling, a part or a longer form."""
    own, last = type_.rpartition("::")[2], attribute.rpartition(".")[2].casefold()
    same = [
        each
        for each in known
        if each.casefold().endswith(last) or last == f"{own}{each}".casefold()
    ]
    return next(iter(same or get_close_matches(attribute, known, 1, _MISSPELT)), None)


def _pseudo_finding(name: str) -> tuple[Diagnostic, Violation] | None:
    """Return the finding about a misspelt pseudo parameter."""
    near = get_close_matches(name, _PSEUDO_PARAMETERS, 1, 0.85)
    if name in _PSEUDO_PARAMETERS or not near:
        return None
    return UNKNOWN_REFERENCE, Violation(
        path=(),
        got=Words(name),
        sentence=f"CloudFormation has no pseudo parameter {name}; the deployment fails",
        fix=f"Did you mean {near[0]}?",
    )


def _similar_name(template: Template, name: str) -> str | None:
    """Return the declared name that is most similar to an unknown one, for the first such names.

    The search compares a name with all others, so that the time for all would be quadratic.
    """
    similar = template.similar_names
    if name not in similar and len(similar) < _MAX_SIMILAR:
        near = get_close_matches(name, [*template.resources, *template.parameters], 1)
        similar[name] = near[0] if near else None
    return similar.get(name)


def _declares_all_names(template: Template) -> bool:
    """Return whether no transform, loop or include adds names to the template."""
    given = template.input.template
    return template.is_complete and "Transform" not in given


def _is_declared_otherwise(template: Template, name: str) -> bool:
    """Return whether the name is of an entry without a known type, or of a module's resource."""
    declared = template.section("Resources")
    parts = [name[:length] for length in range(1, len(name) + 1)]
    return any(
        each in declared
        and (
            each == name
            or (is_mapping(declared[each]) and str(declared[each].get("Type")).endswith("MODULE"))
        )
        for each in parts
    ) or any(str(each).startswith("Fn::") for each in template.section("Parameters"))
