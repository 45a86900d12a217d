"""Generated pages of the site: the gallery in git, and the pages that `make docs` builds."""

from __future__ import annotations

from tools.site.project import generate_project
from tools.site.reference import generate_reference


def generate_gallery() -> dict[str, str]:
    """Return the text of each page of the gallery by its path in the repository."""
    from tools.site import gallery  # noqa: PLC0415 - it loads CDK, which starts Node

    return gallery.generate()


def generate_site() -> dict[str, str]:
    """Return the text of each page that is not in git by its path in the repository."""
    return {**generate_project(), **generate_reference()}
