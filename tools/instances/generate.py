"""The generated files about instance types, from their sources to their text."""

from __future__ import annotations

from collections.abc import Sequence

from tools.instances import sagemaker
from tools.instances.catalogue import Catalogue, ec2_name, join
from tools.instances.pins import Dump, pinned_dumps
from tools.instances.render import constants_module, types_json
from tools.instances.sources import load_sources
from tools.published.copies import Copy

_FOLDER = "cdk_epc/catalog"


def generate(botocore: Copy | None = None, dumps: Sequence[Dump] | None = None) -> dict[str, str]:
    """Return the text of every generated file by its path in the repository.

    Args:
        botocore: The copy to read the types from; the installed one by default.
        dumps: Where to read the facts; the pinned dumps by default.

    Raises:
        ToolError: A source is out of reach, or says what the catalogue cannot hold.
    """
    model = sagemaker.load_model(botocore)
    hosting = sagemaker.hosting_types(model)
    catalogue = join(
        hosting, load_sources(frozenset(map(ec2_name, hosting)), dumps or pinned_dumps())
    )
    names_source = {"source": sagemaker.model_source(botocore)}
    return {
        f"{_FOLDER}/instances.json": types_json(
            [{**names_source, "gives": sagemaker.HOSTING_ENUM}, *_fact_sources(catalogue)],
            catalogue.types,
        ),
        f"{_FOLDER}/other_services.json": types_json(
            [{**names_source, "gives": f"ml.* of every enum but {sagemaker.HOSTING_ENUM}"}],
            sagemaker.other_services(model),
        ),
        f"{_FOLDER}/_instance_constants.py": constants_module(catalogue.types),
    }


def _fact_sources(catalogue: Catalogue) -> list[dict[str, object]]:
    """Name the sources, and of all but the first, which covers most, the types each gave."""
    header: list[dict[str, object]] = []
    for name, types in catalogue.types_by_source.items():
        source: dict[str, object] = {"source": name, "gives": "facts"}
        header.append({**source, "types": types} if header else source)
    return header
