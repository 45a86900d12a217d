"""Generation of ``cdk_epc/catalog/regions.json``."""

from __future__ import annotations

from tools.instances import sagemaker
from tools.published.copies import BOTOCORE, CFN_LINT, Copy, installed
from tools.regions.hosting import HOSTING_FILE, read_types_by_region, rows
from tools.regions.partitions import PARTITIONS_FILE, read_partitions
from tools.regions.render import regions_json
from tools.regions.serverless import read_page


def generate(botocore: Copy | None = None, cfn_lint: Copy | None = None) -> dict[str, str]:
    """Return the text of the generated file by its path in the repository.

    Args:
        botocore: Copy with partitions and instance types; the installed one by default.
        cfn_lint: Copy with price lists; the installed one by default.

    Raises:
        ToolError: A source cannot be read, or names a region that botocore does not know.
    """
    botocore = botocore or installed(BOTOCORE)
    cfn_lint = cfn_lint or installed(CFN_LINT)
    partitions = read_partitions(botocore)
    page, names = read_page()
    types_by_region = read_types_by_region(cfn_lint)
    text = regions_json(
        [
            {"source": f"{botocore}, {PARTITIONS_FILE}", "gives": "partitions"},
            {"source": page, "gives": "serverless_concurrency"},
            {"source": f"{cfn_lint}, {HOSTING_FILE}", "gives": "hosting"},
        ],
        partitions.rows,
        {
            str(concurrency): sorted(map(partitions.region, regions))
            for concurrency, regions in names.items()
        },
        sorted(types_by_region),
        rows(types_by_region, sagemaker.hosting_types(sagemaker.load_model(botocore))),
    )
    return {"cdk_epc/catalog/regions.json": text}
