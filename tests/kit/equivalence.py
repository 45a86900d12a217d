"""Comparison of a synthesised template with the source of its code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from cdk_epc.importing.source import NAMES
from cdk_epc.spec.unresolved import is_list, is_mapping

Names: TypeAlias = Mapping[tuple[str, str], str]
"""Literal names of resources, by logical id and attribute."""

_VARIABLE = re.compile(r"\$\{([^!{}][^{}]*)\}")
_CDK = {"BootstrapVersion", "CheckBootstrapVersion", "CDKMetadata", "CDKMetadataAvailable"}
_DEFAULTS: tuple[tuple[str, Any], ...] = (
    ("RetainAllVariantProperties", "false"),
    ("ExcludeRetainedVariantProperties", []),
)
"""Properties with the value that they have if they are left out."""


def differences(source: Mapping[str, Any], made: Mapping[str, Any]) -> list[str]:
    """Return the differences that matter to CloudFormation, each with its path."""
    names = {
        (logical_id, NAMES[each["Type"]]): name
        for logical_id, each in source["Resources"].items()
        if each["Type"] in NAMES
        and isinstance(name := _object(each.get("Properties")).get(NAMES[each["Type"]]), str)
    }
    before, after = (_canonical(_relevant(each), names) for each in (source, made))
    for logical_id, each in before["Resources"].items():
        found = after["Resources"].get(logical_id, {})
        wanted = _listed(each.pop("DependsOn", []))
        given = _listed(found.pop("DependsOn", []))
        if missing := [name for name in wanted if name not in given]:
            return [f"Resources.{logical_id}.DependsOn: {missing}"]
    return list(_differences(before, after, ""))


def _object(value: Any) -> Mapping[str, Any]:
    return value if is_mapping(value) else {}


def _listed(value: Any) -> list[Any]:
    return list(value) if is_list(value) else [value]


def _relevant(template: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, section in template.items():
        if name in {"AWSTemplateFormatVersion", "Globals"}:
            continue
        if name == "Transform":
            found[name] = _listed(section)
        elif is_mapping(section):
            kept = {key: each for key, each in section.items() if key not in _CDK}
            if kept:
                found[name] = kept
        else:
            found[name] = section
    resources: dict[str, Any] = {}
    for logical_id, each in found["Resources"].items():
        metadata = {
            key: value
            for key, value in _object(each.get("Metadata")).items()
            if key != "aws:cdk:path" and not key.startswith("cdk")
        }
        others = {key: value for key, value in each.items() if key != "Metadata" and value != {}}
        properties = dict(_object(others.get("Properties")))
        for name, default in _DEFAULTS:
            if name in properties and _text(properties[name]) == _text(default):
                del properties[name]
        others.pop("Properties", None)
        resources[logical_id] = {
            **others,
            **({"Properties": properties} if properties else {}),
            **({"Metadata": metadata} if metadata else {}),
        }
    return {**found, "Resources": resources}


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(int(value)) if value == int(value) else str(value)
    return value


def _canonical(value: Any, names: Names) -> Any:
    if is_list(value):
        return [_canonical(each, names) for each in value]
    if not is_mapping(value):
        return _text(value)
    if len(value) == 1:
        parts = _parts(value, names)
        if parts is not None:
            return parts[0] if len(parts) == 1 else {"Concat": parts}
    # CDK leaves out empty objects, which mean nothing to SageMaker.
    return {
        key: _tags(each) if key == "Tags" else each
        for key, each in ((key, _canonical(each, names)) for key, each in value.items())
        if each != {}
    }


def _tags(tags: Any) -> Any:
    if not is_list(tags):
        return tags
    return sorted(tags, key=str)


def _parts(value: Any, names: Names) -> list[Any] | None:
    """Return a text with intrinsic functions as its parts; ``None`` for other values."""
    if isinstance(value, (str, int, float, bool)):
        return [_text(value)]
    if not is_mapping(value) or len(value) != 1:
        return None
    ((function, given),) = value.items()
    convert = {
        "Ref": _ref,
        "Fn::GetAtt": _attribute,
        "Fn::Sub": _sub,
        "Fn::Join": _join,
        "Fn::Split": _split,
        "Fn::Select": _select,
    }.get(function)
    found = None if convert is None else convert(given, names)
    return None if found is None else _merged(found)


def _ref(given: Any, names: Names) -> list[Any]:
    del names
    return [{"Ref": given}]


def _join(given: Any, names: Names) -> list[Any] | None:
    if not is_list(given[1]):
        return None
    found: list[Any] = []
    for index, each in enumerate(given[1]):
        found += [given[0]] if index else []
        found += _parts(each, names) or [_canonical(each, names)]
    return found


def _split(given: Any, names: Names) -> list[Any] | None:
    parts = _parts(given[1], names)
    is_literal = parts is not None and len(parts) == 1 and isinstance(parts[0], str)
    return [parts[0].split(given[0])] if parts is not None and is_literal else None


def _select(given: Any, names: Names) -> list[Any] | None:
    items = _canonical(given[1], names)
    if is_mapping(items) and items.get("Fn::Split", [""])[0] == ":inference-component/":
        component = items["Fn::Split"][1].get("Ref")
        return [names.get((component, "InferenceComponentName"), items)]
    return _parts(items[int(given[0])], names) if is_list(items) else None


def _attribute(given: Any, names: Names) -> list[Any]:
    logical_id, attribute = given.split(".", 1) if isinstance(given, str) else given
    name = names.get((logical_id, attribute)) if isinstance(attribute, str) else None
    return [{"Fn::GetAtt": [logical_id, attribute]} if name is None else name]


def _sub(given: Any, names: Names) -> list[Any]:
    text, variables = given if is_list(given) else (given, dict[str, Any]())
    parts = _VARIABLE.split(text)
    found: list[Any] = []
    for index, part in enumerate(parts):
        if index % 2 == 0:
            found.append(part)
        elif part in variables:
            each = variables[part]
            found += _parts(each, names) or [_canonical(each, names)]
        elif "." in part:
            found += _attribute(part, names)
        else:
            found.append({"Ref": part})
    return found


def _merged(parts: list[Any]) -> list[Any]:
    found: list[Any] = []
    for each in parts:
        if isinstance(each, str) and found and isinstance(found[-1], str):
            found[-1] += each
        elif each != "":
            found.append(each)
    return found or [""]


def _differences(before: Any, after: Any, path: str) -> Iterator[str]:
    if is_mapping(before) and is_mapping(after):
        for key in {**before, **after}:
            inner = f"{path}.{key}" if path else key
            if key not in after:
                yield f"{inner}: missing {str(before[key])[:200]}"
            elif key not in before:
                yield f"{inner}: added {str(after[key])[:200]}"
            else:
                yield from _differences(before[key], after[key], inner)
    elif is_list(before) and is_list(after) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from _differences(*pair, f"{path}[{index}]")
    elif before != after:
        yield f"{path}: {str(before)[:200]} became {str(after)[:200]}"
