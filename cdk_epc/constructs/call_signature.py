"""Errors of calls with unknown or missing arguments, which name the called method.

Python names the class whose constructor refuses an argument, which the caller may never have
written: ``add_instance_variant(initial_variant_weight=1)`` fails in ``InstanceVariant.__init__``.
The decorators of this module make the error name the called method and the argument that is meant.
Names of boto3, CloudFormation and Terraform are those of the members that the arguments set. A
table has the other common names, for example those of CDK's alpha module.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from cdk_epc.spec.similarity import get_close_matches

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_CUTOFF: Final = 0.7
_OWN_FRAMES: Final = 2

_OTHER_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "actions": ("notify",),
    "alarm_actions": ("notify",),
    "base": ("base_component",),
    "config": ("endpoint_config",),
    "copy_count": ("copies",),
    "count": ("initial_instance_count",),
    "env": ("environment",),
    "exclude": ("without",),
    "image_uri": ("image",),
    "initial_copy_count": ("copies",),
    "instance_count": ("initial_instance_count",),
    "instance_production_variants": ("production_variants",),
    "key": ("encryption_key",),
    "kms_key": ("encryption_key",),
    "kms_key_arn": ("encryption_key",),
    "max_instance_count": ("max_capacity",),
    "max_instances": ("max_capacity",),
    "memory": ("memory_size", "min_memory"),
    "min_instance_count": ("min_capacity",),
    "min_instances": ("min_capacity",),
    "name": (
        "endpoint_config_name",
        "model_name",
        "endpoint_name",
        "inference_component_name",
        "dashboard_name",
    ),
    "name_prefix": ("endpoint_config_name_prefix",),
    "role": ("execution_role",),
    "role_arn": ("execution_role",),
    "security_group_ids": ("security_groups",),
    "shadow_variants": ("shadow_production_variants",),
    "subnets": ("vpc_subnets", "subnet_ids"),
    "target_value": ("target",),
    "topic": ("notify",),
    "topics": ("notify",),
    "variants": ("production_variants",),
    "volume_size_in_gb": ("volume_size",),
    "weekday": ("week_day",),
    "weight": ("initial_weight",),
}
"""Arguments for names of CDK's alpha module, of Terraform, and other common names."""


def call_error(
    function: Callable[..., object],
    callee: str,
    args: tuple[object, ...],
    kwargs: Mapping[str, object],
    synonyms: Mapping[str, str],
) -> TypeError | None:
    """Return the error of a call with wrong arguments; ``None`` if the arguments fit.

    Args:
        function: The called function.
        callee: Name of the called method, as the caller wrote it.
        args: Positional arguments, ``self`` included.
        kwargs: Keyword arguments.
        synonyms: Argument for each name of the API, or the code to write, such as
            ``container=Container(image=...)``.
    """
    signature = inspect.signature(function)
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        original = str(error)
    else:
        return None
    parameters = signature.parameters
    unknown = [name for name in kwargs if name not in parameters]
    if unknown:
        return _unknown_arguments(callee, unknown, parameters, synonyms)
    names = [each for each in parameters.values() if each.name != "self"]
    positional = [each.name for each in names if each.kind is not each.KEYWORD_ONLY]
    if original.startswith("too many positional"):
        allowed = " and ".join(positional) or "no argument"
        named = next((each.name for each in names if each.kind is each.KEYWORD_ONLY), "")
        example = f", for example {callee}({named}=...)" if named and not positional else ""
        return TypeError(
            f"{callee}() takes {allowed} without a keyword; name the other arguments{example}"
        )
    given = {*kwargs, *positional[: len(args) - 1]}
    missing = [
        each.name
        for each in names
        if each.default is each.empty
        and each.name not in given
        and each.kind not in {each.VAR_POSITIONAL, each.VAR_KEYWORD}
    ]
    return TypeError(f"{callee}() requires {' and '.join(missing)}" if missing else original)


def _unknown_arguments(
    callee: str, unknown: Iterable[str], known: Collection[str], synonyms: Mapping[str, str]
) -> TypeError:
    """Return the error of unknown arguments, with the known argument that each of them means."""
    return TypeError(
        "; ".join(_refused(callee, name, _meant(name, known, synonyms)) for name in unknown)
    )


def _refused(callee: str, name: str, meant: str | None) -> str:
    refused = f"{callee}() has no argument {name!r}"
    if not meant:
        return refused
    return f"{refused}; write {meant}" if "=" in meant else f"{refused}; use {meant!r}"


def _meant(name: str, known: Collection[str], synonyms: Mapping[str, str]) -> str | None:
    """Return the argument for a name of the API, a common other name, or a misspelling."""
    plain = _plain(name)
    for other, argument in synonyms.items():
        place = argument.partition("=")[0]
        if _plain(other) == plain and (place in known or "(" in place):
            return argument
    for other, arguments in _OTHER_NAMES.items():
        if _plain(other) == plain:
            for argument in arguments:
                if argument in known:
                    return argument
    names = {_plain(each): each for each in known if each not in {"self", "scope", "id"}}
    close = get_close_matches(plain, names, 1, _CUTOFF)
    return names[close[0]] if close else None


def _plain(name: str) -> str:
    """Return a name without case and underscores, in which the spellings of AWS are equal."""
    return name.replace("_", "").lower()


def arguments_inside(argument: str, call: str, names: Iterable[str]) -> dict[str, str]:
    """Return the code to write for each argument that belongs into the value of another one.

    Args:
        argument: The argument with the value, for example ``container``.
        call: Name of the class or function that returns the value, for example ``Container``.
        names: Arguments of that class or function.
    """
    return {name: f"{argument}={call}({name}=...)" for name in names}


def reports_wrong_arguments(
    synonyms: Callable[[], Mapping[str, str]] = dict[str, str],
) -> Callable[[Callable[Concatenate[T, P], R]], Callable[Concatenate[T, P], R]]:
    """Return a decorator of methods whose errors name the call and the meant argument.

    Args:
        synonyms: Function that returns the argument for each name of the API.
    """

    def decorate(
        method: Callable[Concatenate[T, P], R],
    ) -> Callable[Concatenate[T, P], R]:
        @wraps(method)
        def checked(self: T, /, *args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return method(self, *args, **kwargs)
            except TypeError:
                callee = method.__name__
                if callee == "__init__":
                    callee = _called_method() or type(self).__name__
                error = call_error(method, callee, (self, *args), kwargs, synonyms())
                if error is None:
                    raise
                raise error from None

        return checked

    return decorate


def names_meant_arguments(
    call: str, synonyms: Callable[[], Mapping[str, str]]
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator of static methods that names the argument meant by an unknown one.

    Args:
        call: The method, as the caller writes it.
        synonyms: Function that returns the argument, or the code to write, for other names.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        known = inspect.signature(function).parameters

        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except TypeError:
                unknown = [each for each in kwargs if each not in known]
                if not unknown:
                    raise
                raise _unknown_arguments(call, unknown, known, synonyms()) from None

        return checked

    return decorate


def checks_options(
    *options: type[object],
) -> Callable[[Callable[Concatenate[T, P], R]], Callable[Concatenate[T, P], R]]:
    """Return a decorator that refuses unknown options of a method before its body runs.

    Args:
        *options: Classes of the options, each a `TypedDict`.
    """
    names = [name for each in options for name in each.__annotations__]

    def decorate(method: Callable[Concatenate[T, P], R]) -> Callable[Concatenate[T, P], R]:
        variable = {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}
        own = inspect.signature(method).parameters
        known = (*(name for name, each in own.items() if each.kind not in variable), *names)

        @wraps(method)
        def checked(self: T, /, *args: P.args, **kwargs: P.kwargs) -> R:
            check_options(kwargs, known, method.__name__)
            return method(self, *args, **kwargs)

        return checked

    return decorate


def check_options(given: Iterable[str], known: Collection[str], callee: str | None = None) -> None:
    """Check the names of a method's arguments.

    Args:
        given: Names of the arguments.
        known: Names that the method has.
        callee: Name of the method; by default that of the method that the caller called.

    Raises:
        TypeError: An argument is unknown.
    """
    unknown = [each for each in given if each not in known]
    if unknown:
        callee = callee or _called_method() or "metric"
        raise _unknown_arguments(callee, unknown, known, {})


def _called_method() -> str | None:
    """Return the name of the called method of the library; ``None`` for a constructor."""
    names: list[str] = []
    frame = inspect.currentframe()
    while frame is not None:
        package = frame.f_globals.get("__name__", "").partition(".")[0]
        if package not in {"cdk_epc", "jsii"}:
            break
        if package == "cdk_epc":
            names.append(frame.f_code.co_name)
        frame = frame.f_back
    # The two innermost frames are this function and the check of the arguments.
    outermost = names[-1] if len(names) > _OWN_FRAMES else ""
    return outermost if outermost.isidentifier() and outermost != "__init__" else None


def with_hints(cls: type[T]) -> type[T]:
    """Decorate a class whose constructor has only keywords: errors name the meant argument."""
    made: Any = cls
    made.__init__ = reports_wrong_arguments()(made.__init__)
    return cls
