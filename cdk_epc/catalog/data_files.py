"""Data files of the catalog."""

from __future__ import annotations

import json
from typing import Any


def load_data(name: str) -> Any:  # noqa: ANN401 - JSON
    """Return the content of a data file of this package, such as ``instances.json``.

    The file is read by the loader of this module, so that it can be in an archive. The import of
    `importlib.resources` takes longer than reading the file.
    """
    loader: Any = __spec__.loader
    folder = __file__.removesuffix(__file__.replace("\\", "/").rpartition("/")[2])
    return json.loads(loader.get_data(f"{folder}{name}"))
