"""Breaking changes of the public names since the last release: ``python -m tools.api_changes``.

The last release is the newest tag ``v*`` that is an ancestor of the commit.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import griffe

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGE: Final = "cdk_epc"
_COLOUR: Final = re.compile(r"\x1b\[\d+m")


def last_release(repository: Path) -> str | None:
    """Return the tag of the last release, or ``None`` before the first one."""
    done = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0", "--match=v[0-9]*"],  # noqa: S607
        check=False,
        cwd=repository,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or None


def api_changes(repository: Path, tag: str, package: str = PACKAGE) -> Iterator[str]:
    """Yield a line for each breaking change of a name in ``__all__``.

    Args:
        repository: Folder of the repository.
        tag: Tag of the earlier version.
        package: Name of the package, in the repository's folder.
    """
    old = griffe.load_git(package, ref=tag, repo=repository, resolve_aliases=True)
    new = griffe.load(package, search_paths=[repository], resolve_aliases=True)
    names = {str(name) for name in new.exports or ()}
    for name in sorted(map(str, old.exports or ())):
        if name not in names:
            yield f"{package}.{name}: Public object was removed"
            continue
        before, after = (_target(each[name]) for each in (old, new))
        for breakage in griffe.find_breaking_changes(before, after):
            line = _COLOUR.sub("", breakage.explain(griffe.ExplanationStyle.ONE_LINE))
            yield line.removeprefix(f"{repository}/")


def _target(member: griffe.Object | griffe.Alias) -> griffe.Object:
    return member.final_target if isinstance(member, griffe.Alias) else member


def main(repository: Path = ROOT, package: str = PACKAGE) -> int:
    """Print the changes and return the exit status: 1 if there are any."""
    tag = last_release(repository)
    if tag is None:
        sys.stdout.write("api-changes: ok, there is no release to compare with\n")
        return 0
    changes = list(dict.fromkeys(api_changes(repository, tag, package)))
    for each in changes:
        sys.stdout.write(f"{each}\n")
    count = "1 breaking change" if len(changes) == 1 else f"{len(changes)} breaking changes"
    sys.stdout.write(f"api-changes: {count if changes else 'ok, no breaking change'} since {tag}\n")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
