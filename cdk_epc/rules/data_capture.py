"""Rules of data capture: its modes, sampling, content types and destination."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import (
    CaptureContentTypeHeader,
    CaptureMode,
    CaptureOption,
    DataCaptureConfig,
    EndpointConfigSpec,
    Path,
)
from cdk_epc.spec.unresolved import is_integer, is_unresolved, items_of

_REFERENCE: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference"
_GUIDE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html"
)
_BUCKETS: Final = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"
_CAPTURE: Final[Path] = ("data_capture_config",)
_HEADER: Final[Path] = (*_CAPTURE, "capture_content_type_header")
# The name of a bucket or the ARN of an access point, then a prefix without white space.
_URI: Final = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|arn:[^/\s]+)(/\S*)?", re.ASCII)


def _capture(spec: EndpointConfigSpec) -> DataCaptureConfig | None:
    """Return the capture, unless it is disabled; it is enabled by default."""
    capture = spec.data_capture_config
    if not isinstance(capture, DataCaptureConfig) or capture.enable_capture is False:
        return None
    return capture


def _modes(spec: EndpointConfigSpec) -> list[tuple[Path, str]]:
    """Return the known capture modes with their paths."""
    capture = _capture(spec)
    return [
        ((*_CAPTURE, "capture_options", index, "capture_mode"), option.capture_mode)
        for index, option in enumerate(items_of(capture.capture_options if capture else None))
        if isinstance(option, CaptureOption)
        and isinstance(option.capture_mode, str)
        and not is_unresolved(option.capture_mode)
    ]


@rule(
    id="capture-mode-redundant",
    title="Each side of an invocation should be captured by one option",
    why="A second option for the same side has no effect; the other side was probably meant.",
    fix="Use one option for each side.",
    evidence=Evidence.INFERRED,
    source_url=f"{_REFERENCE}/API_CaptureOption.html",
    requires=("data_capture_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("CAP.MODE_REDUNDANT",),
)
def capture_mode_redundant(spec: EndpointConfigSpec) -> Iterator[Violation]:
    modes = _modes(spec)
    has_both = any(mode == CaptureMode.INPUT_AND_OUTPUT for _, mode in modes)
    seen: set[str] = set()
    for path, mode in modes:
        if mode in seen or (has_both and mode != CaptureMode.INPUT_AND_OUTPUT):
            yield Violation(
                path=path,
                got=mode,
                must="be a side that no other option captures",
                fix="Remove this option.",
            )
        seen.add(mode)


@rule(
    id="capture-sampling-zero",
    title="Data capture that is enabled should sample more than 0 percent",
    why="At 0 percent SageMaker captures nothing.",
    fix="Raise the percentage, or disable the data capture.",
    evidence=Evidence.INFERRED,
    source_url=f"{_REFERENCE}/API_DataCaptureConfig.html",
    requires=("data_capture_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("CAP.ZERO_SAMPLING",),
)
def capture_sampling_zero(spec: EndpointConfigSpec) -> Iterator[Violation]:
    capture = _capture(spec)
    percentage = capture.initial_sampling_percentage if capture else None
    switch = capture.enable_capture if capture else None
    if is_integer(percentage) and percentage == 0 and not is_unresolved(switch):
        yield Violation(
            path=(*_CAPTURE, "initial_sampling_percentage"),
            got=percentage,
            must="be 1 to 100 because data capture is enabled",
            fix="Raise `initial_sampling_percentage`, or set `enable_capture` to false.",
            python_fix="Raise `initial_sampling_percentage`, or set `enable_capture` to False.",
        )


def _header(spec: EndpointConfigSpec) -> CaptureContentTypeHeader | None:
    capture = _capture(spec)
    header = capture.capture_content_type_header if capture else None
    return header if isinstance(header, CaptureContentTypeHeader) else None


@rule(
    id="capture-content-type-repeated",
    title="A captured content type should be listed once, as CSV or as JSON",
    why="SageMaker cannot store one payload in both formats.",
    fix="List each content type once.",
    evidence=Evidence.INFERRED,
    source_url=f"{_REFERENCE}/API_CaptureContentTypeHeader.html",
    requires=("data_capture_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("CAP.HEADER_OVERLAP",),
)
def capture_content_type_repeated(spec: EndpointConfigSpec) -> Iterator[Violation]:
    header = _header(spec)
    if header is None:
        return
    seen: set[str] = set()
    for name in ("csv_content_types", "json_content_types"):
        for index, content_type in enumerate(items_of(getattr(header, name))):
            if not isinstance(content_type, str) or is_unresolved(content_type):
                continue
            if content_type.lower() in seen:
                yield Violation(
                    path=(*_HEADER, name, index),
                    got=content_type,
                    must="be listed only once in the header",
                    fix="Remove one of the two.",
                )
            seen.add(content_type.lower())


@rule(
    id="capture-destination-invalid",
    title="Captured data should go to s3://bucket/prefix",
    why="The API's pattern also accepts https, white space and names that no bucket can have; "
    "SageMaker cannot write to these.",
    fix="Write the destination as s3://bucket/prefix.",
    evidence=Evidence.INFERRED,
    source_url=_BUCKETS,
    requires=("data_capture_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("CAP.HTTPS_URI",),
)
def capture_destination_invalid(spec: EndpointConfigSpec) -> Iterator[Violation]:
    capture = _capture(spec)
    uri = capture.destination_s3_uri if capture else None
    if isinstance(uri, str) and not is_unresolved(uri) and not _URI.fullmatch(uri):
        yield Violation(
            path=(*_CAPTURE, "destination_s3_uri"),
            got=uri,
            must="be s3://bucket/prefix with a valid bucket name and without white space",
            fix="Write the destination as s3://bucket/prefix.",
        )


RULES: Final = (
    capture_sampling_zero,
    capture_destination_invalid,
)
PEDANTIC: Final = (capture_mode_redundant, capture_content_type_repeated)
"""Rules of the pack `pedantic`."""
