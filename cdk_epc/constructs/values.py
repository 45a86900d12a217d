"""How a typed value says where its arguments go in the spec, so that each is written once.

A value's fields are the arguments of its class and of the builder method that takes them. Each
names its place in the spec and how to turn what was given into what the API takes. The same
declaration leads back: a fault at a place in the spec is reported under the argument that filled
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    TypeAlias,
    TypeGuard,
    cast,
    dataclass_transform,
)

import attrs

from cdk_epc.spec import Path, Spec
from cdk_epc.spec.fields import given_in, members_of
from cdk_epc.spec.unresolved import is_list, is_mapping

if TYPE_CHECKING:
    from cdk_epc.rules import CallError

_KEY: Final = "cdk_epc"

Lower: TypeAlias = Callable[..., Any]


class ArgumentTypeError(Exception):
    """An argument that cannot be turned into what the API takes.

    Attributes:
        words: The argument's name, with its parents once they are known.
        got: What was given.
        allowed: What the argument takes.
        fix: What to write instead.
        rule: The rule that it breaks, where that is not just the argument's type.
    """

    def __init__(
        self, got: object, allowed: str, fix: str, *, rule: CallError | None = None
    ) -> None:
        """Say what was given, what is taken and what to write instead."""
        super().__init__(allowed)
        self.words = ""
        self.got = got
        self.allowed = allowed
        self.fix = fix
        self.rule = rule

    def within(self, name: str) -> ArgumentTypeError:
        """The same, one level further out."""
        self.words = f"{name}.{self.words}" if self.words else name
        return self


class Value:
    """Base of the typed values; `SPEC` is the shape that a value becomes."""

    __slots__ = ()
    SPEC: ClassVar[type[Spec]]

    def __repr__(self) -> str:
        """It with the arguments that were given."""
        return given_in(self)


@attrs.frozen
class Argument:
    """One argument of a value.

    Attributes:
        name: Its name.
        targets: Where it goes in the value's spec; more than one if that depends on what is given,
            none if it only says how to read another argument, or is no part of the resource.
        lower: From what is given to what each target takes; without a target, only a check.
        read_with: The argument that says how to read this one; `lower` gets both.
    """

    name: str
    targets: tuple[Path, ...]
    lower: Lower
    read_with: str | None


def argument(
    *targets: str,
    lower: Lower | None = None,
    read_with: str | None = None,
    default: Any = attrs.NOTHING,  # noqa: ANN401 - a field specifier takes the field's own type
    kw_only: bool = True,
) -> Any:  # noqa: ANN401
    """An argument that goes to these places in the spec, written with dots."""
    places = tuple(tuple(target.split(".")) for target in targets)
    return attrs.field(
        default=default,
        kw_only=kw_only,
        metadata={_KEY: (places, lower or as_given, read_with)},
    )


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(argument,))
def value(cls: type[Any]) -> Any:  # noqa: ANN401 - dataclass_transform types the result
    """Make a frozen, slotted value of a `Value` subclass."""
    made = attrs.frozen(eq=False, repr=False)(cls)
    _CLASSES.append(made)
    return made


def as_given(given: object) -> object:
    """What is given, values in it turned into specs and lists into tuples."""
    if isinstance(given, Value):
        return to_spec(given)
    if is_list(given):
        return tuple(_item(index, item) for index, item in enumerate(given))
    return given


def _item(index: int, item: object) -> object:
    try:
        return as_given(item)
    except ArgumentTypeError as unfit:
        raise unfit.within(f"[{index}]") from None


def several(given: object, allowed: str, fix: str) -> tuple[Any, ...]:
    """The items of what is given as several; ``None`` is none.

    Raises:
        UnfitError: It is one, and no list of one. A text would be taken for its letters.
    """
    if given is None:
        return ()
    if not _is_several(given):
        raise ArgumentTypeError(given, allowed, fix)
    return tuple(given)


def _is_several(given: object) -> TypeGuard[Iterable[Any]]:
    return isinstance(given, Iterable) and not isinstance(given, (str, bytes, Mapping))


def text(given: object, allowed: str, fix: str) -> str:
    """What is given as a text.

    Raises:
        UnfitError: It is none.
    """
    if isinstance(given, str):
        return given
    raise ArgumentTypeError(given, allowed, fix)


class _Tree(dict[str, Any]):
    """Members of a spec that is being put together, and no mapping that somebody gave."""


def to_spec(given: Value) -> Any:  # noqa: ANN401 - the value's own SPEC
    """The spec that a value stands for.

    Raises:
        UnfitError: An argument is of a type that nothing can be made of.
    """
    tree = _Tree()
    for each in arguments_of(type(given)):
        what = getattr(given, each.name)
        if what is None:
            continue
        try:
            lowered = (
                each.lower(what, getattr(given, each.read_with))
                if each.read_with
                else each.lower(what)
            )
        except ArgumentTypeError as unfit:
            raise unfit.within(each.name) from None
        several = lowered if len(each.targets) > 1 else [lowered] * len(each.targets)
        for target, one in zip(each.targets, several, strict=True):
            if one is not None:
                _place(tree, target, one)
    return _built(given.SPEC, tree)


_ARGUMENTS: Final[dict[type[Value], tuple[Argument, ...]]] = {}
_CLASSES: Final[list[type[Value]]] = []


def arguments_of(cls: type[Value]) -> tuple[Argument, ...]:
    """The arguments of a value's class, in order."""
    if cls not in _ARGUMENTS:
        _ARGUMENTS[cls] = tuple(
            Argument(field.name, *field.metadata[_KEY])
            for field in attrs.fields(cast("Any", cls))  # each is an attrs class
        )
    return _ARGUMENTS[cls]


def _place(tree: _Tree, target: Path, what: object) -> None:
    *parents, last = map(str, target)
    for parent in parents:
        tree = tree.setdefault(parent, _Tree())
    tree[last] = what


def _built(cls: type[Spec], tree: _Tree) -> Spec:
    nested = {m.name: m.part for m in members_of(cls) if m.part is not None}
    for name, part in nested.items():
        if isinstance(below := tree.get(name), _Tree):
            tree[name] = _built(part, below)
    return cls(**tree)


def in_words_of(given: Value, rest: Path) -> str:
    """The argument of a value that fills a place in its spec; empty if it is the value itself."""
    for each, target in _targets(type(given)):
        if rest[: len(target)] == target:
            return each.name + _below(getattr(given, each.name), rest[len(target) :])
    return ""


def _targets(cls: type[Value]) -> Iterator[tuple[Argument, Path]]:
    return ((each, target) for each in arguments_of(cls) for target in each.targets)


def _below(what: object, rest: Path) -> str:
    if not rest:
        return ""
    if isinstance(what, Value):
        words = in_words_of(what, rest)
        return f".{words}" if words else ""
    step, *further = rest
    if is_mapping(what):
        return f"[{step!r}]"
    if isinstance(step, int):
        items = what if is_list(what) else ()
        item = items[step] if step < len(items) else None
        return f"[{step}]" + _below(item, tuple(further))
    return ""


def argument_names() -> Mapping[str, str]:
    """Return the argument of each member of a spec that is the only target of its argument."""
    return _argument_names(len(_CLASSES))


@cache
def _argument_names(_classes: int) -> dict[str, str]:
    return {
        str(target[-1]): each.name
        for cls in _CLASSES
        for each, target in _targets(cls)
        if len(each.targets) == 1
    }
