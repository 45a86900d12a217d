"""Pairs of templates and resources of an old and a new app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from cdk_epc.templates.app import App
from cdk_epc.templates.references import ResourceKey
from cdk_epc.templates.template import Template

_SHARE: Final = 0.5
"""Share of equal logical ids from which two stacks with different names are the same one."""


@attrs.frozen(eq=False)
class Pairs:
    """Templates and resources that CloudFormation updates.

    Attributes:
        old: App before the update.
        new: App after the update.
        new_templates: Index of the new template by the index of the old one.
        old_templates: Index of the old template by the index of the new one.
        is_described: Whether the old app is a description of running resources.
    """

    old: App
    new: App
    new_templates: Mapping[int, int]
    old_templates: Mapping[int, int]
    is_described: bool = False

    @classmethod
    def of(cls, old: App, new: App, *, is_described: bool = False) -> Pairs:
        """Return the pairs of two apps."""
        pairs = _paired_templates(old, new)
        return cls(old, new, pairs, {b: a for a, b in pairs.items()}, is_described)

    def old_of(self, key: ResourceKey) -> ResourceKey | None:
        """Return the old resource of a new one: the same logical id and type in the same stack."""
        return _counterpart(key, self.new, self.old, self.old_templates)

    def new_of(self, key: ResourceKey) -> ResourceKey | None:
        """Return the new resource of an old one: the same logical id and type in the same stack."""
        return _counterpart(key, self.old, self.new, self.new_templates)


def _counterpart(
    key: ResourceKey, app: App, other: App, templates: Mapping[int, int]
) -> ResourceKey | None:
    """Return the resource of the other app with the same logical id and type in the same stack.

    Args:
        key: The resource.
        app: App of the resource.
        other: The other app.
        templates: Index of the template in the other app by the index in this one.
    """
    index, logical_id = key
    other_index = templates.get(index)
    if other_index is None:
        return None
    resource = other.templates[other_index].resources.get(logical_id)
    type_ = app.templates[index].resources[logical_id]["Type"]
    return (other_index, logical_id) if resource and resource["Type"] == type_ else None


def _paired_templates(old: App, new: App) -> dict[int, int]:
    """Return the index of the new template by the index of the old one."""
    pairs: dict[int, int] = {}
    by_name = {each.input.name: each.index for each in new.templates}
    nested = {"old": _nested_indices(old), "new": _nested_indices(new)}
    for template in old.templates:
        name = template.input.name
        if name in by_name and (template.index in nested["old"]) == (
            by_name[name] in nested["new"]
        ):
            pairs[template.index] = by_name[name]
    _pair_similar(old, new, pairs, nested)
    _pair_nested(old, new, pairs)
    return pairs


def _nested_indices(app: App) -> frozenset[int]:
    return frozenset(app.nested_stacks)


def _pair_similar(
    old: App, new: App, pairs: dict[int, int], nested: Mapping[str, frozenset[int]]
) -> None:
    """Pair the remaining stacks, first those with the most equal logical ids."""
    taken = set(pairs.values())
    left = [e for e in old.templates if e.index not in pairs and e.index not in nested["old"]]
    right = [e for e in new.templates if e.index not in taken and e.index not in nested["new"]]
    if len(old.templates) == len(new.templates) == len(left) == len(right) == 1:
        pairs[left[0].index] = right[0].index
        return
    scored = sorted(_scores(left, right), reverse=True)
    for _, a, b in scored:
        if -a not in pairs and -b not in taken:
            pairs[-a] = -b
            taken.add(-b)


def _scores(left: list[Template], right: list[Template]) -> Iterator[tuple[float, int, int]]:
    """Yield the share of equal logical ids of each similar pair, with the negative indices."""
    owners: dict[str, list[Template]] = {}
    for template in right:
        for logical_id in template.resources:
            owners.setdefault(logical_id, []).append(template)
    for template in left:
        shared: dict[int, int] = {}
        for logical_id in template.resources:
            for owner in owners.get(logical_id, ()):
                shared[owner.index] = shared.get(owner.index, 0) + 1
        sizes = {each.index: len(each.resources) for each in right}
        for index, count in shared.items():
            share = count / max(len(template.resources), sizes[index])
            if share >= _SHARE:
                yield share, -template.index, -index


def _pair_nested(old: App, new: App, pairs: dict[int, int]) -> None:
    """Pair the nested stacks of paired stacks, which have the same logical id."""
    pending = list(pairs.items())
    while pending:
        left, right = pending.pop()
        nested = old.templates[left].input.nested
        others = new.templates[right].input.nested
        for logical_id in nested.keys() & others.keys():
            a = old.template_named(nested[logical_id])
            b = new.template_named(others[logical_id])
            if a and b and a.index not in pairs and b.index not in pairs.values():
                pairs[a.index] = b.index
                pending.append((a.index, b.index))
