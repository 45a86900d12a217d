"""Regions of serverless inference, which AWS only publishes in prose."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import TypedDict, cast


class _Page(TypedDict):
    source: str
    total_concurrency: dict[str, list[str]]


def read_page() -> tuple[str, Mapping[int, list[str]]]:
    """Return the URL of the page and the names of the regions by the concurrency quota."""
    text = resources.files("tools.regions").joinpath("serverless.json").read_text("utf-8")
    page = cast("_Page", json.loads(text))
    return page["source"], {int(key): names for key, names in page["total_concurrency"].items()}
