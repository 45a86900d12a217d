"""Command line: ``python -m tools`` regenerates all data, ``python -m tools NAME`` one part.

The sources are the pinned ones: botocore and cfn-lint as installed from requirements/dev.txt, and
the packages of tools/instances/pins.json and tools/images/pins.json. ``python -m tools --newest``
moves these pins to the newest published versions and regenerates from those; then ``make lock``
updates the requirement files, and ``make test`` shows the members that still have to be declared.
``python -m tools.drift`` lists them beforehand.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools.docs.generate import generate_committed, generate_pages
from tools.errors import ToolError
from tools.examples.generate import generate as generate_examples
from tools.images.generate import generate as generate_images
from tools.instances.generate import generate as generate_instances
from tools.newest import updated_texts
from tools.regions.generate import generate as generate_regions
from tools.replacements.generate import generate as generate_replacements
from tools.site.generate import generate_gallery, generate_site

ROOT = Path(__file__).resolve().parent.parent

# Folders with generated pages only: one that is generated no more is removed.
BUILT_FOLDERS = ("docs/gallery", "docs/project", "docs/reference", "docs/rules")

# A generator returns texts by their paths in the repository. It does not write them, so that no
# file changes if a source fails.
Generator = Callable[[], Mapping[str, str]]

GENERATORS: dict[str, Generator] = {
    "instances": generate_instances,
    "regions": generate_regions,
    "replacements": generate_replacements,
    "images": generate_images,
    "examples": generate_examples,
    "docs": generate_committed,
    "pages": generate_pages,
    "gallery": generate_gallery,
    "site": generate_site,
}


def write(texts: Mapping[str, str], root: Path) -> list[str]:
    """Write the texts that differ from the files below ``root`` and return their paths."""
    written: list[str] = []
    for path, text in texts.items():
        target = root / path
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
            written.append(path)
    return written


def remove_stale(texts: Mapping[str, str], root: Path) -> None:
    """Remove the pages of the built folders among ``texts`` that are not generated any more."""
    for folder in BUILT_FOLDERS:
        if any(path.startswith(f"{folder}/") for path in texts):
            for page in (root / folder).glob("*.md"):
                if f"{folder}/{page.name}" not in texts:
                    page.unlink()


def main(
    arguments: Sequence[str] | None = None,
    *,
    generators: Mapping[str, Generator] = GENERATORS,
    root: Path = ROOT,
    newest: Callable[[Path], Mapping[str, str]] = updated_texts,
) -> int:
    """Run the named generators, or all of them, and return the exit status.

    Args:
        arguments: Arguments of the command; those of the process by default.
        generators: Generators by name.
        root: Folder of the generated paths.
        newest: Function for ``--newest`` that returns the texts of all pins and generated files.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tools",
        description="Regenerate the project's data from published sources.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(generators)}")
    parser.add_argument(
        "--newest",
        action="store_true",
        help="first move the pins to the newest published versions; run `make lock` afterwards",
    )
    given = parser.parse_args(arguments)
    names: list[str] = given.names or list(generators)
    if unknown := [name for name in names if name not in generators]:
        parser.error(f"unknown generator {unknown[0]!r}; must be one of {', '.join(generators)}")
    if given.newest and given.names:
        parser.error("--newest regenerates everything, so names are not allowed with it")
    try:
        if given.newest:
            texts = dict(newest(root))
        else:
            texts = {path: text for name in names for path, text in generators[name]().items()}
    except ToolError as error:
        sys.stderr.write(f"python -m tools: {error}\n")
        return 1
    written = write(texts, root)
    remove_stale(texts, root)
    for path in texts:
        sys.stdout.write(f"{'wrote    ' if path in written else 'unchanged'} {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
