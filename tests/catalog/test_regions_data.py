"""Agreement of the committed data with the pinned sources."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from cdk_epc.catalog.instances import HOSTING_TYPES
from cdk_epc.catalog.regions import SERVERLESS_LARGE_QUOTA_REGIONS, data, partition_of
from tools.regions.generate import generate

ROOT = Path(__file__).parents[2]


def test_committed_data_is_that_of_the_installed_sources() -> None:
    (path, text), *others = generate().items()
    assert others == []
    assert (ROOT / path).read_text("utf-8") == text, "run `python -m tools regions`"


def test_serverless_regions_are_the_21_of_the_page() -> None:
    regions = data().concurrency_by_region
    assert len(regions) == 21
    assert {r for r, most in regions.items() if most == 1000} == SERVERLESS_LARGE_QUOTA_REGIONS
    assert {partition_of(region) for region in regions} == {"aws"}
    assert regions.keys() <= data().priced_regions


def test_every_priced_region_is_in_one_partition() -> None:
    for region in data().priced_regions:
        matching = [each.name for each in data().partitions if each.regions.fullmatch(region)]
        assert matching == [partition_of(region)]


def test_types_are_hosting_types_in_priced_regions() -> None:
    by_type = data().regions_by_type
    assert by_type.keys() < set(HOSTING_TYPES)
    assert frozenset.union(*by_type.values()) == data().priced_regions


def test_every_group_of_types_has_a_separate_line() -> None:
    text = (ROOT / "cdk_epc/catalog/regions.json").read_text("utf-8")
    rows = json.loads(text)["hosting"]
    assert len(re.findall(r'^    \{"types": ', text, re.MULTILINE)) == len(rows)
    assert len({tuple(row["regions"]) for row in rows}) == len(rows)


def test_import_reads_no_data_and_starts_no_node() -> None:
    code = (
        "import sys; from cdk_epc.catalog.regions import data; "
        "print(data.cache_info().currsize, {'aws_cdk', 'jsii'} & sys.modules.keys())"
    )
    done = subprocess.run(  # noqa: S603 - the words above
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "0 set()\n"
