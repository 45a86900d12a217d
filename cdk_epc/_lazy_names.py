"""Names of a package whose modules are imported on first use (PEP 562)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any


def lazy_names(
    package: str,
    homes: Mapping[str, Iterable[str]],
    load: Callable[[str], Any] = import_module,
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the functions ``__getattr__`` and ``__dir__`` of a package.

    Type checkers need imports of the same names below ``if TYPE_CHECKING``.

    Args:
        package: Name of the package.
        homes: Names by the module that defines them.
        load: Function that imports a module.
    """
    home_of = {name: home for home, names in homes.items() for name in names}
    members = vars(sys.modules[package])

    def get(name: str) -> Any:  # noqa: ANN401 - any public object
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = members[name] = getattr(load(home_of[name]), name)
        return value

    def names() -> list[str]:
        return sorted({*members, *home_of})

    return get, names
