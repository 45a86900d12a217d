"""Enumerations of the API, as botocore's sagemaker model publishes them."""

from __future__ import annotations

from enum import StrEnum


class RoutingStrategy(StrEnum):
    """Routing of requests to the instances of a variant."""

    LEAST_OUTSTANDING_REQUESTS = "LEAST_OUTSTANDING_REQUESTS"
    RANDOM = "RANDOM"
    PREFIX_AWARE = "PREFIX_AWARE"
    KV_AWARE = "KV_AWARE"
    """Listed by the API, not yet by CloudFormation's schema."""


class ManagedInstanceScalingStatus(StrEnum):
    """Status of SageMaker's scaling of the instances of inference components."""

    ENABLED = "ENABLED"
    DISABLED = "DISABLED"


class ScaleInStrategy(StrEnum):
    """Strategy with which managed instance scaling releases instances."""

    IDLE_RELEASE = "IDLE_RELEASE"
    CONSOLIDATION = "CONSOLIDATION"


class CapacityReservationPreference(StrEnum):
    """Capacity that a variant with a training plan may use."""

    CAPACITY_RESERVATIONS_ONLY = "capacity-reservations-only"


class InferenceAmiVersion(StrEnum):
    """Published machine images (AMIs) for inference; AWS adds new ones."""

    AL2_GPU_2 = "al2-ami-sagemaker-inference-gpu-2"
    AL2_GPU_2_1 = "al2-ami-sagemaker-inference-gpu-2-1"
    AL2_GPU_3_1 = "al2-ami-sagemaker-inference-gpu-3-1"
    AL2_NEURON_2 = "al2-ami-sagemaker-inference-neuron-2"
    AL2023_GPU_4_1 = "al2023-ami-sagemaker-inference-gpu-4-1"


class CaptureMode(StrEnum):
    """Captured side of an invocation."""

    INPUT = "Input"
    OUTPUT = "Output"
    INPUT_AND_OUTPUT = "InputAndOutput"


class InferenceResponseIn(StrEnum):
    """Notifications that may contain the inference response."""

    SUCCESS_NOTIFICATION_TOPIC = "SUCCESS_NOTIFICATION_TOPIC"
    ERROR_NOTIFICATION_TOPIC = "ERROR_NOTIFICATION_TOPIC"


class ContainerMode(StrEnum):
    """Number of models that a container hosts: one or several."""

    SINGLE_MODEL = "SingleModel"
    MULTI_MODEL = "MultiModel"


class ModelCacheSetting(StrEnum):
    """Setting of the memory cache of a multi-model container."""

    ENABLED = "Enabled"
    DISABLED = "Disabled"


class RepositoryAccessMode(StrEnum):
    """Location of a container image: ECR, or a private registry in a VPC."""

    PLATFORM = "Platform"
    VPC = "Vpc"


class S3ModelDataType(StrEnum):
    """Form of model data in S3: one object, or all objects below a prefix."""

    S3_PREFIX = "S3Prefix"
    S3_OBJECT = "S3Object"


class ModelCompressionType(StrEnum):
    """Compression of model data."""

    NONE = "None"
    GZIP = "Gzip"


class InferenceExecutionMode(StrEnum):
    """Execution of the containers of a model: as a pipeline, or each invoked by its name."""

    SERIAL = "Serial"
    DIRECT = "Direct"


class TrafficRoutingType(StrEnum):
    """Shift of the traffic to the new fleet of a blue/green deployment."""

    ALL_AT_ONCE = "ALL_AT_ONCE"
    CANARY = "CANARY"
    LINEAR = "LINEAR"


class CapacitySizeType(StrEnum):
    """Unit of the size of a deployment step of an endpoint."""

    INSTANCE_COUNT = "INSTANCE_COUNT"
    CAPACITY_PERCENT = "CAPACITY_PERCENT"


class ComponentCapacitySizeType(StrEnum):
    """Unit of the size of a deployment step of an inference component."""

    COPY_COUNT = "COPY_COUNT"
    CAPACITY_PERCENT = "CAPACITY_PERCENT"


class PlacementStrategy(StrEnum):
    """Placement of the copies of an inference component on instances."""

    SPREAD = "SPREAD"
    BINPACK = "BINPACK"


class AvailabilityZoneEnforcementMode(StrEnum):
    """Behaviour if the copies cannot be balanced over the availability zones."""

    PERMISSIVE = "PERMISSIVE"


class VariantPropertyType(StrEnum):
    """Property of the variants that an update of an endpoint can retain."""

    DESIRED_INSTANCE_COUNT = "DesiredInstanceCount"
    DESIRED_WEIGHT = "DesiredWeight"
    DATA_CAPTURE_CONFIG = "DataCaptureConfig"


class FeatureType(StrEnum):
    """Type of a feature of the explained model."""

    NUMERICAL = "numerical"
    CATEGORICAL = "categorical"
    TEXT = "text"


class TextGranularity(StrEnum):
    """Unit of text that gets an attribution."""

    TOKEN = "token"  # noqa: S105 - a value of the API, not a secret
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


class BaselineMimeType(StrEnum):
    """Format of a SHAP baseline."""

    CSV = "text/csv"
    JSON_LINES = "application/jsonlines"


class TextLanguage(StrEnum):
    """Language of a text feature."""

    AFRIKAANS = "af"
    ALBANIAN = "sq"
    ARABIC = "ar"
    ARMENIAN = "hy"
    BASQUE = "eu"
    BENGALI = "bn"
    BULGARIAN = "bg"
    CATALAN = "ca"
    CHINESE = "zh"
    CROATIAN = "hr"
    CZECH = "cs"
    DANISH = "da"
    DUTCH = "nl"
    ENGLISH = "en"
    ESTONIAN = "et"
    FINNISH = "fi"
    FRENCH = "fr"
    GERMAN = "de"
    GREEK = "el"
    GUJARATI = "gu"
    HEBREW = "he"
    HINDI = "hi"
    HUNGARIAN = "hu"
    ICELANDIC = "is"
    INDONESIAN = "id"
    IRISH = "ga"
    ITALIAN = "it"
    KANNADA = "kn"
    KYRGYZ = "ky"
    LATVIAN = "lv"
    LITHUANIAN = "lt"
    LUXEMBOURGISH = "lb"
    MACEDONIAN = "mk"
    MALAYALAM = "ml"
    MARATHI = "mr"
    NEPALI = "ne"
    NORWEGIAN_BOKMAL = "nb"
    PERSIAN = "fa"
    POLISH = "pl"
    PORTUGUESE = "pt"
    ROMANIAN = "ro"
    RUSSIAN = "ru"
    SANSKRIT = "sa"
    SERBIAN = "sr"
    SETSWANA = "tn"
    SINHALA = "si"
    SLOVAK = "sk"
    SLOVENIAN = "sl"
    SPANISH = "es"
    SWEDISH = "sv"
    TAGALOG = "tl"
    TAMIL = "ta"
    TATAR = "tt"
    TELUGU = "te"
    TURKISH = "tr"
    UKRAINIAN = "uk"
    URDU = "ur"
    YORUBA = "yo"
    LIGURIAN = "lij"
    MULTI_LANGUAGE = "xx"
