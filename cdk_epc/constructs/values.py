"""Base class of typed values, whose declarations say where each argument goes in the spec.

The fields of a value are the arguments of its class and of the construct's method that takes it.
Each field declares its places in the spec and the conversion to the API's value, so that both are
written once. The same declaration leads back: a violation at a place in the spec is reported with
the argument that supplied it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
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

from cdk_epc._records import Record
from cdk_epc.constructs.call_signature import reports_wrong_arguments
from cdk_epc.rules.finding import picklable
from cdk_epc.rules.rule import Violation
from cdk_epc.spec import Path, Spec
from cdk_epc.spec.fields import getter_of, given_of, given_repr, members_of
from cdk_epc.spec.unresolved import SCALAR_TYPES, is_list, is_mapping, is_unresolved

if TYPE_CHECKING:
    from cdk_epc.rules import CallError

_KEY: Final = "cdk_epc"
_AFTER_CALL: Final = re.compile(r"(?<=\)),? ")

Converter: TypeAlias = Callable[..., Any]


class ArgumentTypeError(Exception):
    """Argument that cannot be converted to the API's value.

    Attributes:
        argument: Name of the argument, with the names of its parents as far as they are known.
        got: The wrong value.
        allowed: The allowed types, as a noun phrase that reads after "must be".
        fix: Advice for the caller, as a sentence.
        rule: Error of the call; by default that of a wrong argument type.
        sentence: The whole message, where "must be" and the allowed types do not describe it.
    """

    def __init__(
        self,
        got: object,
        allowed: str,
        fix: str,
        *,
        rule: CallError | None = None,
        sentence: str = "",
    ) -> None:
        """Create the error of an argument whose name the caller adds with `within`."""
        super().__init__(allowed)
        self.argument = ""
        self.got = got
        self.allowed = allowed
        self.fix = fix
        self.rule = rule
        self.sentence = sentence

    def violation(self, path: Path = ()) -> Violation:
        """Return the violation of the argument.

        Args:
            path: Path of the value that the argument supplies.
        """
        return Violation(
            path=path,
            got=self.got,
            must="" if self.sentence else f"be {self.allowed}",
            sentence=self.sentence,
            fix=self.fix,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Return the parts of a copy; the arguments of an exception are its message only."""
        state = {**vars(self), "got": picklable(self.got)}
        return type(self), (state["got"], self.allowed, self.fix), state

    def __copy__(self) -> ArgumentTypeError:
        """Return an error with the same attributes."""
        copied = type(self)(self.got, self.allowed, self.fix)
        vars(copied).update(vars(self))
        return copied

    def __deepcopy__(self, _: object) -> ArgumentTypeError:
        """Return an error with the same attributes; its value can be a construct."""
        return self.__copy__()

    def within(self, name: str) -> ArgumentTypeError:
        """Return the error with the name of the argument, or of its parent, in front."""
        self.argument = f"{name}.{self.argument}" if self.argument else name
        return self


class Value:
    """Base class of the typed values.

    Attributes:
        SPEC: Class of the spec that the value becomes.
        IS_SPREAD: Whether the arguments of the value are arguments of the construct itself.
        WRITTEN_AS: Calls that create a value, for messages; by default that of the constructor with
            the required arguments.
    """

    __slots__ = ()
    SPEC: ClassVar[type[Spec]]
    IS_SPREAD: ClassVar[bool] = False
    WRITTEN_AS: ClassVar[str] = ""

    def __repr__(self) -> str:
        """Return the value with the arguments that were given."""
        return given_repr(self)


@attrs.frozen(eq=False, repr=False)
class Argument(Record):
    """Argument of a typed value.

    Attributes:
        name: Name of the argument.
        targets: Paths in the value's spec. Several where the target depends on the argument; none
            where the argument only affects the conversion of another one, or is not a part of the
            resource.
        convert: Function from the argument to the value of each target; without a target, a check.
        read_with: Name of a second argument that `convert` gets.
        member: Member of the spec, if that is the only target.
        is_plain: Whether a string, a number or a boolean is the value of that member as it is.
    """

    name: str
    targets: tuple[Path, ...]
    convert: Converter
    read_with: str | None
    member: str | None
    is_plain: bool


def argument(
    *targets: str,
    convert: Converter | None = None,
    read_with: str | None = None,
    default: Any = attrs.NOTHING,  # noqa: ANN401 - a field specifier takes the field's own type
    kw_only: bool = True,
) -> Any:  # noqa: ANN401
    """Declare an argument of a typed value; see `Argument`.

    Args:
        *targets: Paths in the spec, written with dots.
        convert: Conversion; `convert_value` by default.
        read_with: Name of a second argument for the conversion.
        default: Default of the argument.
        kw_only: Whether the argument is keyword-only.
    """
    paths = tuple(tuple(target.split(".")) for target in targets)
    return attrs.field(
        default=default,
        kw_only=kw_only,
        metadata={_KEY: (paths, convert or convert_value, read_with)},
    )


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(argument,))
def value(cls: type[Any]) -> Any:  # noqa: ANN401 - dataclass_transform types the result
    """Make a frozen, slotted value of a `Value` subclass."""
    made = attrs.frozen(eq=False, repr=False)(cls)
    _CLASSES.append(made)
    made.__init__ = reports_wrong_arguments(lambda: synonyms_of(made))(made.__init__)
    return made


def synonyms_of(cls: type[Value]) -> dict[str, str]:
    """Return the argument of each member that a value sets."""
    return {str(target[-1]): each.name for each, target in _targets(cls)}


def convert_value(given: object) -> object:
    """Return an argument with typed values converted to specs, and lists to tuples.

    Raises:
        ArgumentTypeError: An argument of a typed value cannot be converted.
    """
    if isinstance(given, Value):
        return to_spec(given)
    if is_list(given):
        return tuple(_convert_item(index, item) for index, item in enumerate(given))
    return given


def _convert_item(index: int, item: object) -> object:
    try:
        return convert_value(item)
    except ArgumentTypeError as error:
        raise error.within(f"[{index}]") from None


def require_list(given: object, allowed: str, fix: str) -> tuple[Any, ...]:
    """Return the items of a list or other iterable; none for ``None``.

    Text is not allowed, because its items would be its letters.

    Raises:
        ArgumentTypeError: The argument is not a list.
    """
    if given is None:
        return ()
    if not _is_iterable(given):
        raise ArgumentTypeError(given, allowed, fix)
    return tuple(given)


def _is_iterable(given: object) -> TypeGuard[Iterable[Any]]:
    return isinstance(given, Iterable) and not isinstance(given, (str, bytes, Mapping))


def require_text(given: object, allowed: str, fix: str) -> str:
    """Return an argument that must be text.

    Raises:
        ArgumentTypeError: The argument is not text.
    """
    if isinstance(given, str):
        return given
    raise ArgumentTypeError(given, allowed, fix)


def check_type(spec: type[Spec], path: Path, given: object, converted: object) -> None:
    """Check that a converted argument is a part of the spec, where the spec has a part there.

    Args:
        spec: Class of the spec.
        path: Path of the argument in the spec.
        given: The argument.
        converted: The converted argument.

    Raises:
        ArgumentTypeError: The argument is no typed value and no part of a spec.
    """
    if (expected := _part_at(cast("Hashable", spec), path)) is None:
        return
    part, is_list_of_parts = expected
    if not is_list_of_parts:
        _check_part(part, given, converted)
    elif is_list(converted) and not is_unresolved(converted):
        for index, item in enumerate(converted):
            try:
                _check_part(part, given[index] if is_list(given) else item, item)
            except ArgumentTypeError as error:
                raise error.within(f"[{index}]") from None


def _check_part(part: type[Spec], given: object, converted: object) -> None:
    if isinstance(converted, part) or is_unresolved(converted):
        return
    if calls := _calls(part):  # otherwise the rules report it
        first = _AFTER_CALL.split(calls[0])[0]
        fix = f"Write {first}, for example."
        raise ArgumentTypeError(given, f"made with {' or '.join(calls)}", fix)


@cache
def _part_at(given: Hashable, path: Path) -> tuple[type[Spec], bool] | None:
    """Return the class of the part at a path, and whether there is a list of parts."""
    spec, is_list_of_parts = cast("type[Spec]", given), False
    for step in path:
        if isinstance(step, int):
            is_list_of_parts = False
            continue
        member = next((each for each in members_of(spec) if each.name == step), None)
        if member is None or member.nested is None or member.key is not None:
            return None
        spec, is_list_of_parts = member.nested, member.is_list
    return spec, is_list_of_parts


def _calls(spec: type[Spec]) -> list[str]:
    """Return the calls that create typed values of a class of spec."""
    classes = [each for each in _CLASSES if each.SPEC is spec and not each.IS_SPREAD]
    if described := dict.fromkeys(each.WRITTEN_AS for each in classes if each.WRITTEN_AS):
        return list(described)
    bases = {base for each in classes for base in each.__mro__[1:]}
    return [_call(each) for each in classes if each not in bases]


def _call(cls: type[Value]) -> str:
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(cast("Any", cls))
    required = [
        f"{field.name}=..." if field.kw_only else "..."
        for field in fields
        if field.default is attrs.NOTHING
    ]
    return f"{cls.__name__}({', '.join(required) or '...'})"


class _Members(dict[str, Any]):
    """Members of a spec under construction, apart from any mapping that a caller passes."""


def to_spec(given: Value) -> Any:  # noqa: ANN401 - the value's own SPEC
    """Return the spec of a typed value.

    Raises:
        ArgumentTypeError: An argument cannot be converted.
    """
    members, is_nested = _Members(), False
    arguments, values_of = _layout_of(type(given))
    values = values_of(given)
    for each, argument_value in given_of(zip(arguments, values, strict=True), values):
        if each.is_plain and type(argument_value) in SCALAR_TYPES:  # most arguments
            members[each.member or ""] = argument_value
            continue
        try:
            converted = (
                each.convert(argument_value, getattr(given, each.read_with))
                if each.read_with
                else each.convert(argument_value)
            )
            if each.convert is convert_value and len(each.targets) == 1:
                check_type(given.SPEC, each.targets[0], argument_value, converted)
        except ArgumentTypeError as error:
            raise error.within(each.name) from None
        if (name := each.member) is not None:
            if converted is not None:
                members[name] = converted
            continue
        # A conversion for several targets returns one value for each of them.
        by_target = converted if len(each.targets) > 1 else [converted] * len(each.targets)
        for target, member in zip(each.targets, by_target, strict=True):
            if member is not None:
                _set_member(members, target, member)
                is_nested = is_nested or len(target) > 1
    return _spec_from(given.SPEC, members) if is_nested else given.SPEC(**members)


_Layout: TypeAlias = tuple[tuple[Argument, ...], Callable[[Value], tuple[Any, ...]]]
"""Arguments of a class, and a function from a value to all of them."""
_LAYOUTS: Final[dict[type[Value], _Layout]] = {}
_CLASSES: Final[list[type[Value]]] = []


def arguments_of(cls: type[Value]) -> tuple[Argument, ...]:
    """Return the arguments of a typed value's class, in order."""
    return _layout_of(cls)[0]


def _layout_of(cls: type[Value]) -> _Layout:
    if cls not in _LAYOUTS:
        arguments = tuple(
            _argument_of(cls.SPEC, field.name, *field.metadata[_KEY])
            for field in attrs.fields(cast("Any", cls))  # each is an attrs class
        )
        _LAYOUTS[cls] = arguments, getter_of([each.name for each in arguments])
    return _LAYOUTS[cls]


def _argument_of(
    spec: type[Spec],
    name: str,
    targets: tuple[Path, ...],
    convert: Converter,
    read_with: str | None,
) -> Argument:
    member = str(targets[0][0]) if len(targets) == 1 and len(targets[0]) == 1 else None
    is_plain = (
        member is not None
        and convert is convert_value
        and _part_at(cast("Hashable", spec), targets[0]) is None
    )
    return Argument(name, targets, convert, read_with, member, is_plain)


def _set_member(members: _Members, target: Path, member: object) -> None:
    *parents, last = map(str, target)
    for parent in parents:
        members = members.setdefault(parent, _Members())
    members[last] = member


def _spec_from(cls: type[Spec], members: _Members) -> Spec:
    nested = {m.name: m.nested for m in members_of(cls) if m.nested is not None}
    for name, part in nested.items():
        if isinstance(inner := members.get(name), _Members):
            members[name] = _spec_from(part, inner)
    return cls(**members)


def argument_path(given: Value, path: Path) -> str:
    """Return the argument that supplied a place in the spec; empty for the whole value."""
    for each, target in _targets(type(given)):
        if path[: len(target)] == target:
            return each.name + _path_below(getattr(given, each.name), path[len(target) :])
    return ""


def _targets(cls: type[Value]) -> Iterator[tuple[Argument, Path]]:
    return ((each, target) for each in arguments_of(cls) for target in each.targets)


def _path_below(given: object, path: Path) -> str:
    if not path:
        return ""
    if isinstance(given, Value):
        inner = argument_path(given, path)
        return f".{inner}" if inner else ""
    step, *rest = path
    if is_mapping(given):
        return f"[{step!r}]"
    if isinstance(step, int):
        items = given if is_list(given) else ()
        item = items[step] if step < len(items) else None
        return f"[{step}]" + _path_below(item, tuple(rest))
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
