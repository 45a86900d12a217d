"""The words that the API publishes for its enumerated members (botocore's sagemaker model)."""

from __future__ import annotations

from enum import StrEnum


class RoutingStrategy(StrEnum):
    """How requests find an instance of a variant."""

    LEAST_OUTSTANDING_REQUESTS = "LEAST_OUTSTANDING_REQUESTS"
    RANDOM = "RANDOM"
    PREFIX_AWARE = "PREFIX_AWARE"
    KV_AWARE = "KV_AWARE"
    """The API has it; CloudFormation's schema does not list it yet."""


class ManagedInstanceScalingStatus(StrEnum):
    """Whether SageMaker scales the instances under inference components."""

    ENABLED = "ENABLED"
    DISABLED = "DISABLED"


class ScaleInStrategy(StrEnum):
    """How managed instance scaling gives instances back."""

    IDLE_RELEASE = "IDLE_RELEASE"
    CONSOLIDATION = "CONSOLIDATION"


class CapacityReservationPreference(StrEnum):
    """Which capacity a variant with a training plan may use."""

    CAPACITY_RESERVATIONS_ONLY = "capacity-reservations-only"


class InferenceAmiVersion(StrEnum):
    """The published machine images for inference; AWS adds new ones."""

    AL2_GPU_2 = "al2-ami-sagemaker-inference-gpu-2"
    AL2_GPU_2_1 = "al2-ami-sagemaker-inference-gpu-2-1"
    AL2_GPU_3_1 = "al2-ami-sagemaker-inference-gpu-3-1"
    AL2_NEURON_2 = "al2-ami-sagemaker-inference-neuron-2"
    AL2023_GPU_4_1 = "al2023-ami-sagemaker-inference-gpu-4-1"


class CaptureMode(StrEnum):
    """Which side of an invocation is captured."""

    INPUT = "Input"
    OUTPUT = "Output"
    INPUT_AND_OUTPUT = "InputAndOutput"


class InferenceResponseIn(StrEnum):
    """The notifications that may carry the inference response."""

    SUCCESS_NOTIFICATION_TOPIC = "SUCCESS_NOTIFICATION_TOPIC"
    ERROR_NOTIFICATION_TOPIC = "ERROR_NOTIFICATION_TOPIC"


class ContainerMode(StrEnum):
    """Whether a container hosts one model or many."""

    SINGLE_MODEL = "SingleModel"
    MULTI_MODEL = "MultiModel"


class ModelCacheSetting(StrEnum):
    """Whether a container of many models keeps them in memory."""

    ENABLED = "Enabled"
    DISABLED = "Disabled"


class RepositoryAccessMode(StrEnum):
    """Where the image of a container is: in ECR, or in a registry of one's own in a VPC."""

    PLATFORM = "Platform"
    VPC = "Vpc"


class S3ModelDataType(StrEnum):
    """Whether a model's data is one object or everything below a prefix."""

    S3_PREFIX = "S3Prefix"
    S3_OBJECT = "S3Object"


class ModelCompressionType(StrEnum):
    """How a model's data is packed."""

    NONE = "None"
    GZIP = "Gzip"


class InferenceExecutionMode(StrEnum):
    """Whether the containers of a model run one after the other, or each is called by its name."""

    SERIAL = "Serial"
    DIRECT = "Direct"


class TrafficRoutingType(StrEnum):
    """How the traffic moves to the new fleet of a blue/green deployment."""

    ALL_AT_ONCE = "ALL_AT_ONCE"
    CANARY = "CANARY"
    LINEAR = "LINEAR"


class CapacitySizeType(StrEnum):
    """What the size of a step of a deployment counts."""

    INSTANCE_COUNT = "INSTANCE_COUNT"
    CAPACITY_PERCENT = "CAPACITY_PERCENT"


class ComponentCapacitySizeType(StrEnum):
    """What the size of a step counts when an inference component is deployed."""

    COPY_COUNT = "COPY_COUNT"
    CAPACITY_PERCENT = "CAPACITY_PERCENT"


class PlacementStrategy(StrEnum):
    """Where the next copy of an inference component goes."""

    SPREAD = "SPREAD"
    BINPACK = "BINPACK"


class AvailabilityZoneEnforcementMode(StrEnum):
    """What happens where the copies cannot be balanced over the availability zones."""

    PERMISSIVE = "PERMISSIVE"


class VariantPropertyType(StrEnum):
    """What an endpoint can keep of its variants when it is updated."""

    DESIRED_INSTANCE_COUNT = "DesiredInstanceCount"
    DESIRED_WEIGHT = "DesiredWeight"
    DATA_CAPTURE_CONFIG = "DataCaptureConfig"


class FeatureType(StrEnum):
    """What a feature of the explained model holds."""

    NUMERICAL = "numerical"
    CATEGORICAL = "categorical"
    TEXT = "text"


class TextGranularity(StrEnum):
    """The unit of text that gets an attribution."""

    TOKEN = "token"  # noqa: S105 - a word of the API, no secret
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


class BaselineMimeType(StrEnum):
    """The forms of a SHAP baseline."""

    CSV = "text/csv"
    JSON_LINES = "application/jsonlines"


class TextLanguage(StrEnum):
    """The language of a text feature."""

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
