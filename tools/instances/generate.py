"""Generation of the files about instance types."""

from __future__ import annotations

from collections.abc import Sequence

from tools.instances import sagemaker
from tools.instances.catalog import Catalog, ec2_name, join
from tools.instances.pins import Dump, pinned_dumps
from tools.instances.render import constants_module, types_json
from tools.instances.sources import load_sources
from tools.published.copies import Copy

_FOLDER = "cdk_epc/catalog"


def generate(botocore: Copy | None = None, dumps: Sequence[Dump] | None = None) -> dict[str, str]:
    """Return the text of every generated file by its path in the repository.

    Args:
        botocore: Copy of botocore with the types; the installed one by default.
        dumps: Dumps with the facts; the pinned ones by default.

    Raises:
        ToolError: A source cannot be read, or has values that the catalog cannot represent.
    """
    model = sagemaker.load_model(botocore)
    hosting = sagemaker.hosting_types(model)
    catalog = join(
        hosting, load_sources(frozenset(map(ec2_name, hosting)), dumps or pinned_dumps())
    )
    names_source = {"source": sagemaker.model_source(botocore)}
    return {
        f"{_FOLDER}/instances.json": types_json(
            [{**names_source, "gives": sagemaker.HOSTING_ENUM}, *_fact_sources(catalog)],
            catalog.types,
        ),
        f"{_FOLDER}/other_services.json": types_json(
            [{**names_source, "gives": f"ml.* of every enum but {sagemaker.HOSTING_ENUM}"}],
            sagemaker.other_services(model),
        ),
        f"{_FOLDER}/_instance_constants.py": constants_module(catalog.types),
    }


def _fact_sources(catalog: Catalog) -> list[dict[str, object]]:
    """Return the sources; all but the first, which has most of them, list their types."""
    header: list[dict[str, object]] = []
    for name, types in catalog.types_by_source.items():
        source: dict[str, object] = {"source": name, "gives": "facts"}
        header.append({**source, "types": types} if header else source)
    return header
