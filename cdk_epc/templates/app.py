"""All templates of an app, and where in them to look for what belongs together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.templates.expressions import DEEPEST, canonical, named
from cdk_epc.templates.intrinsics import evaluate
from cdk_epc.templates.parameters import Use, argument_of
from cdk_epc.templates.scenarios import Run, Scope
from cdk_epc.templates.template import Source, TemplateInput

CONFIG: Final = "AWS::SageMaker::EndpointConfig"
MODEL: Final = "AWS::SageMaker::Model"
ENDPOINT: Final = "AWS::SageMaker::Endpoint"
COMPONENT: Final = "AWS::SageMaker::InferenceComponent"
NAMES: Final[Mapping[str, str]] = {
    CONFIG: "EndpointConfigName",
    MODEL: "ModelName",
    ENDPOINT: "EndpointName",
    COMPONENT: "InferenceComponentName",
}
"""The property that names a resource, by type."""

Located: TypeAlias = tuple[Source, str]
"""A resource: its template and its logical id."""


def by_name(sources: Iterable[Source]) -> dict[tuple[Hashable, ...], list[Located]]:
    """The resources by type and name, or by type, template and the expression of the name."""
    found: dict[tuple[Hashable, ...], list[Located]] = {}
    for source in sources:
        for type_, name in NAMES.items():
            for logical_id in source.of_type(type_):
                raw = source.raw(logical_id, name)
                if isinstance(raw, str):
                    found.setdefault((type_, raw), []).append((source, logical_id))
                elif raw is not None:
                    key: tuple[Hashable, ...] = (type_, source.index, canonical(raw))
                    found.setdefault(key, []).append((source, logical_id))
    return found


def endpoints_by_lower_name(sources: Iterable[Source]) -> dict[str, list[Located]]:
    """The endpoints by their names in lower case."""
    found: dict[str, list[Located]] = {}
    for source in sources:
        for logical_id in source.of_type(ENDPOINT):
            raw = source.raw(logical_id, NAMES[ENDPOINT])
            if isinstance(raw, str):
                found.setdefault(raw.lower(), []).append((source, logical_id))
    return found


STACK: Final = "AWS::CloudFormation::Stack"


@attrs.frozen(eq=False)
class Export:
    """A value that a template exports.

    Attributes:
        source: The template.
        output: The output, by its logical id.
        value: The expression.
    """

    source: Source
    output: str
    value: Any


@attrs.define(slots=False, eq=False)
class App:
    """Templates that may refer to each other.

    Attributes:
        sources: Those.
        settled: What is the same in every scenario, once it was worked out.
        exports: The exports by name, once somebody asked for one; a name that depends on the
            scenario is none.
    """

    sources: Sequence[Source]
    remembered: dict[Hashable, Any] = attrs.Factory(dict[Hashable, Any])
    exports: dict[str, list[Export]] | None = None

    @classmethod
    def of(cls, templates: Sequence[TemplateInput]) -> App:
        """The app of these templates."""
        return cls([Source(placed, index) for index, placed in enumerate(templates)])

    def run(self, prefix: tuple[int, ...] = ()) -> Run:
        """A scenario that begins with these answers."""
        return Run(self, evaluate, prefix)

    @cached_property
    def _by_name(self) -> Mapping[str, Source | None]:
        by_name: dict[str, Source | None] = {}
        for source in self.sources:
            name = source.placed.name
            by_name[name] = None if name in by_name else source
        return by_name

    def named(self, name: str) -> Source | None:
        """The template of a name; ``None`` if there is not exactly one."""
        return self._by_name.get(name)

    @cached_property
    def uses(self) -> Mapping[int, tuple[Use, ...]]:
        """The uses of each template as a nested stack, by its index."""
        uses: dict[int, tuple[Use, ...]] = {}
        for source in self.sources:
            for logical_id, name in source.placed.nested.items():
                inner = self.named(name)
                if inner is not None and source.resources.get(logical_id, {}).get("Type") == STACK:
                    use = Use.of(source, logical_id)
                    uses[inner.index] = (*uses.get(inner.index, ()), use)
        return uses

    def outermost(self, source: Source) -> Source:
        """The template that is deployed with this one as a nested stack, however deep."""
        for _ in range(DEEPEST):
            uses = self.uses.get(source.index)
            if not uses:
                break
            source = uses[0].source
        return source

    def place(self, source: Source) -> Hashable:
        """What two templates share that are known to go to the same account and region."""
        placed = self.outermost(source).placed
        if placed.region is None or placed.account is None:
            return self.outermost(source).index
        return placed.region, placed.account

    def may_meet(self, one: Source, other: Source) -> bool:
        """Whether two templates can go to the same account and region."""
        left, right = self.outermost(one).placed, self.outermost(other).placed
        return all(
            a is None or b is None or a == b
            for a, b in ((left.region, right.region), (left.account, right.account))
        )

    @property
    def _exports(self) -> Mapping[str, list[Export]]:
        if self.exports is None:
            self.exports = {}  # now, for working out a name may ask for an export
            for source in self.sources:
                for output, declared in source.section("Outputs").items():
                    export = declared.get("Export") if is_mapping(declared) else None
                    if is_mapping(export) and "Condition" not in declared and "Value" in declared:
                        run = self.run()
                        name = Scope(run, source).evaluate(export.get("Name"))
                        if isinstance(name, str) and not run.consulted:
                            found = Export(source, str(output), declared["Value"])
                            self.exports.setdefault(name, []).append(found)
        return self.exports

    def export(self, name: str, source: Source) -> Export | None:
        """The export that a template imports by a name; ``None`` if it cannot be told."""
        found = [each for each in self._exports.get(name, ()) if self.may_meet(each.source, source)]
        return found[0] if len(found) == 1 else None

    @cached_property
    def _by_name_or_expression(self) -> Mapping[tuple[Hashable, ...], list[Located]]:
        return by_name(self.sources)

    @cached_property
    def types_named(self) -> frozenset[str]:
        """The types of which some resource has a name that can be looked up."""
        return frozenset(str(key[0]) for key in self._by_name_or_expression)

    def called(self, type_: str, text: str, source: Source) -> list[Located]:
        """The resources of a type with a name; those of the same deployment, if there are any."""
        found = self._by_name_or_expression.get((type_, text), [])
        outermost = self.outermost(source)
        near = [each for each in found if self.outermost(each[0]) is outermost]
        return near or [each for each in found if self.may_meet(each[0], source)]

    def written(self, type_: str, node: object, source: Source) -> list[Located]:
        """The resources of a template whose name is the same expression."""
        return self._by_name_or_expression.get((type_, source.index, canonical(node)), [])

    def mentioned(self, source: Source, node: object) -> Iterator[Located]:
        """Every resource that an expression mentions, in whichever template it stands."""
        left: list[tuple[Source, Any]] = [(source, node)]
        seen: set[Hashable] = set()
        while left:
            source, node = left.pop()
            for function, name in named(node):
                key = (source.index, function, name)
                if key not in seen:
                    seen.add(key)
                    if name in source.resources:
                        yield source, name
                    else:
                        left += self._behind(source, function, name)

    def _behind(self, source: Source, function: str, name: str) -> Iterator[tuple[Source, Any]]:
        """The expressions of other templates that an import or a parameter stands for."""
        if function == "Fn::ImportValue":
            if export := self.export(name, source):
                yield export.source, export.value
        elif name in source.parameters:
            for use in self.uses.get(source.index, ()):
                if given := argument_of(use, name):
                    yield use.source, given[0]

    def referring(self, type_: str, name: str) -> Mapping[Hashable, list[Located]]:
        """The resources of a type that mention a resource in a property, by what they mention.

        The key is the index of the template and the logical id.
        """
        if (type_, name) not in self._referring:
            found: dict[Hashable, list[Located]] = {}
            for source in self.sources:
                for logical_id in source.of_type(type_):
                    mentioned = self.mentioned(source, source.written(logical_id, name))
                    for key in dict.fromkeys((each.index, id_) for each, id_ in mentioned):
                        found.setdefault(key, []).append((source, logical_id))
            self._referring[type_, name] = found
        return self._referring[type_, name]

    @cached_property
    def _referring(self) -> dict[tuple[str, str], Mapping[Hashable, list[Located]]]:
        return {}

    def endpoints_alike(self, name: str) -> list[Located]:
        """The endpoints whose name differs in capitals at most."""
        return self._endpoints_alike.get(name.lower(), [])

    @cached_property
    def _endpoints_alike(self) -> Mapping[str, list[Located]]:
        return endpoints_by_lower_name(self.sources)

    @cached_property
    def is_whole(self) -> bool:
        """Whether no loop or include adds resources that are not in sight."""
        return all(source.is_whole for source in self.sources)
