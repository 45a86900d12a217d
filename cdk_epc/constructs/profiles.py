"""The profile that applies: the one that is given, or the one that the app's context names."""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

from constructs import IConstruct

from cdk_epc.rules import Profile

CONTEXT_KEY: Final = "cdk-epc:profile"

_BY_ROOT: Final[WeakKeyDictionary[IConstruct, Profile]] = WeakKeyDictionary()


def profile_of(root: IConstruct) -> Profile:
    """The profile that the context of an app names, asked for once.

    Raises:
        ValueError: It names none that there is.
    """
    profile = _BY_ROOT.get(root)
    if profile is None:
        given = root.node.try_get_context(CONTEXT_KEY)
        where = f"the context value {CONTEXT_KEY}"
        profile = Profile.DEFAULT if given is None else profile_named(given, where)
        _BY_ROOT[root] = profile
    return profile


def profile_named(given: Any, where: str) -> Profile:  # noqa: ANN401 - whatever was given
    """A profile, or the one of this name.

    Raises:
        ValueError: There is none of this name.
    """
    if isinstance(given, str) and given in set(Profile):
        return Profile(given)
    names = " or ".join(repr(str(each)) for each in Profile)
    raise ValueError(f"{where} is {given!r}; allowed: {names}; correct it, or leave it out")
