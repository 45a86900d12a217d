"""The whole story of a rule, with an example that breaks it and one that does not."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib import resources
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.rules.rule import Evidence, Rule
from cdk_epc.spec import EndpointConfigSpec, EndpointSpec, InferenceComponentSpec, ModelSpec
from cdk_epc.spec.context import (
    AlarmContext,
    ConfigContext,
    EndpointContext,
    InferenceComponentContext,
    ModelContext,
    ScalableTargetContext,
    ScalingPolicyContext,
)
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.unresolved import is_list, is_mapping

_WIDTH: Final = 80
_INDENT: Final = "    "

EVIDENCE: Final[Mapping[Evidence, str]] = {
    Evidence.DOCUMENTED: "AWS's reference, guide or published model says so.",
    Evidence.REAL_ERROR: "The service has been seen to refuse it.",
    Evidence.INFERRED: "It follows from what is documented; nobody has been seen to try.",
    Evidence.OURS: "No rule of SageMaker's, but of this library or of whoever wrote it.",
}
"""What a rule rests on, in words."""
_ABOUT: Final[Mapping[type, str]] = {
    EndpointConfigSpec: "endpoint configurations",
    ConfigContext: "endpoint configurations with what stands around them",
    ModelSpec: "models",
    EndpointSpec: "endpoints",
    EndpointContext: "endpoints with what stands around them",
    InferenceComponentSpec: "inference components",
    InferenceComponentContext: "inference components with what stands around them",
    ModelContext: "models with what stands around them",
    AlarmContext: "alarms of CloudWatch with what they watch",
    ScalableTargetSpec: "scalable targets",
    ScalableTargetContext: "scalable targets with what they scale",
    ScalingPolicySpec: "scaling policies",
    ScalingPolicyContext: "scaling policies with what they scale",
}

Content: TypeAlias = str | Mapping[str, Any]
"""Python, or JSON."""


class Kind(StrEnum):
    """What an example is written in."""

    REQUEST = "request"
    """A ``CreateEndpointConfig`` request, or a ``DescribeEndpointConfig`` response."""
    TEMPLATE = "template"
    """A CloudFormation template."""
    CODE = "code"
    """Python that uses ``stack``."""


@attrs.frozen(kw_only=True)
class Example:
    """What breaks a rule and no other, and what breaks none, which differ in one place.

    Attributes:
        bad: What breaks it.
        good: What does not.
        region: The region that both are for, where the rule needs one.
        note: What else there is to know about them.
    """

    bad: Content
    good: Content
    region: str | None = None
    note: str | None = None

    @property
    def kind(self) -> Kind:
        """What both are written in."""
        if isinstance(self.bad, str):
            return Kind.CODE
        return Kind.TEMPLATE if "Resources" in self.bad else Kind.REQUEST


def example_of(rule_id: str) -> Example | None:
    """The example of a rule of this library; ``None`` for any other id."""
    file = resources.files("cdk_epc.rules").joinpath("examples", f"{rule_id}.json")
    return Example(**json.loads(file.read_bytes())) if file.is_file() else None


def written(content: Content) -> str:
    """An example as text: Python as it is, JSON with short objects on one line."""
    return content.rstrip("\n") if isinstance(content, str) else _json(content, 0, 0)


def subject_of(rule: Rule, example: Example | None) -> str:
    """What the rule is about, in words."""
    if not rule.about:
        return "Templates as a whole" if rule.of_templates else "Acknowledgements"
    if example is not None and example.kind is Kind.CODE:
        return "Calls on the construct"
    words = ", ".join(_ABOUT[each] for each in rule.about)
    words = words[0].upper() + words[1:]
    return f"{words}, in CloudFormation templates only" if rule.of_templates else words


def explain(rule: Rule) -> str:
    """All there is to say about a rule, for a terminal of 80 columns."""
    example = example_of(rule.id)
    return "\n\n".join(
        [
            f"{rule.severity} {rule.id}\n{_wrapped(rule.title)}",
            _titled("About", f"{subject_of(rule, example)}."),
            _titled("Why", rule.why),
            *([_titled("Mend", rule.fix)] if rule.fix else []),
            *(_examples(example) if example else []),
            _titled("Evidence", EVIDENCE[rule.evidence]),
            *([_titled("Source", rule.source_url)] if rule.source_url else []),
            _titled("Since", rule.since),
        ]
    )


def _examples(example: Example) -> Iterator[str]:
    for title, content in (("Bad", example.bad), ("Good", example.good)):
        where = f" (in {example.region})" if example.region else ""
        yield f"{title}{where}\n{textwrap.indent(written(content), _INDENT)}"
    if example.note:
        yield _titled("Note", example.note)


def _titled(title: str, text: str) -> str:
    return f"{title}\n{textwrap.indent(_wrapped(text, len(_INDENT)), _INDENT)}"


def _wrapped(text: str, taken: int = 0) -> str:
    return textwrap.fill(text, _WIDTH - taken, break_long_words=False, break_on_hyphens=False)


def _json(value: Any, indent: int, before: int) -> str:  # noqa: ANN401 - JSON
    """JSON in which what fits on its line stands on one.

    Args:
        value: What to write.
        indent: The columns before the line that it begins on.
        before: The columns before itself on that line.
    """
    line = json.dumps(value, ensure_ascii=False)
    if indent + before + len(line) < _WIDTH - len(_INDENT):
        return line
    inner = indent + 2
    if is_mapping(value):
        keys = {name: f"{json.dumps(name)}: " for name in value}
        lines = [key + _json(value[name], inner, len(key)) for name, key in keys.items()]
    elif is_list(value):
        lines = [_json(item, inner, 0) for item in value]
    else:
        return line
    opening, closing = "{}" if is_mapping(value) else "[]"
    body = ",\n".join(" " * inner + each for each in lines)
    return f"{opening}\n{body}\n{' ' * indent}{closing}"
