"""Pipeline of the shop: one wave for each region, with a review before it and a gate after it.

The first region is the canary. Each wave has these steps:

- A comparison with the templates that were deployed last shows the effect of the update on running
  endpoints, and the peak of instances to compare with the quota of the region.
- A person approves the update.
- CloudFormation deploys the stacks.
- The gate waits while the rollback alarms of the endpoints are quiet. An alarm in the state ALARM
  stops the pipeline before the next region.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import pipelines
from aws_cdk.aws_codepipeline import PipelineType

from sample_app.wildcards import acknowledge_wildcards

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from sample_app.environments import Repository
    from sample_app.stage import ShopStage

BAKE_MINUTES: Final = 30
"""Minutes in which the rollback alarms of a region must be quiet before the next region."""

# The comparison fails if the update has an error, such as a change that SageMaker refuses. Before
# the first deployment there is nothing to compare with.
_COMPARE: Final = """\
aws s3 sync --no-progress "s3://$BUCKET/$STAGE" deployed
if [ -f deployed/manifest.json ]; then
  cdk-epc diff --format markdown deployed "assembly-$STAGE"
else
  echo "first deployment"
fi"""
WILDCARDS: Final = {
    ".+": "CDK Pipelines and CDK's grants write these policies. The steps read and write the "
    "objects of the pipeline's buckets, and the logs and reports of their projects.",
}
NO_ACCESS_LOGS: Final = "Only roles of the pipeline can read these buckets, which have templates."
"""Reasons for the findings of cdk-nag's AwsSolutions pack."""
_RECORD: Final = 'aws s3 sync --no-progress --delete "assembly-$STAGE" "s3://$BUCKET/$STAGE"'


class PipelineStack(cdk.Stack):
    """Pipeline that deploys the stages one after the other.

    Attributes:
        deployed: Bucket with the templates that were deployed last, in a folder for each stage.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        repository: Repository,
        stages: Sequence[ShopStage],
        **options: Any,  # noqa: ANN401 - arguments of `Stack`
    ) -> None:
        """Create the pipeline.

        Args:
            scope: Scope of the stack.
            construct_id: Id of the stack.
            repository: Repository with the code of the app.
            stages: Stages in the order of deployment; the first one is the canary.
            **options: Arguments of `Stack`.
        """
        super().__init__(scope, construct_id, **options)
        self._key = kms.Key(self, "Key", enable_key_rotation=True)
        self.deployed = self._bucket("Deployed", versioned=True)
        self._source = pipelines.CodePipelineSource.connection(
            repository.name, repository.branch, connection_arn=repository.connection_arn
        )
        self._pipeline = pipelines.CodePipeline(
            self,
            "Pipeline",
            synth=pipelines.ShellStep("Synth", input=self._source, commands=["make synth"]),
            artifact_bucket=self._bucket("Artifacts"),
            cross_account_keys=True,
            enable_key_rotation=True,
            pipeline_type=PipelineType.V2,
        )
        steps = [self._add_wave(stage) for stage in stages]
        self._pipeline.build_pipeline()  # creates the roles of the steps
        for compare, record in steps:
            self.deployed.grant_read(compare)
            self.deployed.grant_read_write(record)
        self._acknowledge()

    def _bucket(self, construct_id: str, *, versioned: bool = False) -> s3.Bucket:
        return s3.Bucket(
            self,
            construct_id,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self._key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=versioned,
        )

    def _add_wave(self, stage: ShopStage) -> tuple[pipelines.CodeBuildStep, ...]:
        """Add the wave of a stage, and return its steps that use the bucket of templates."""
        compare = self._step(stage, "Compare", _COMPARE, install_commands=["pip install cdk-epc"])
        approve = pipelines.ManualApprovalStep(
            f"Approve{stage.node.id}",
            comment=f"The log of Compare{stage.node.id} has the effect on running endpoints, and "
            "the peak of instances to compare with the quota of the region.",
        )
        approve.add_step_dependency(compare)
        record = self._step(stage, "Record", _RECORD)
        self._pipeline.add_wave(
            stage.node.id, pre=[compare, approve], post=[record, self._gate(stage)]
        ).add_stage(stage)
        return compare, record

    def _step(
        self,
        stage: ShopStage,
        name: str,
        command: str,
        **options: Any,  # noqa: ANN401 - arguments of `CodeBuildStep`
    ) -> pipelines.CodeBuildStep:
        """Return a step that works with the synthesised templates of a stage."""
        return pipelines.CodeBuildStep(
            f"{name}{stage.node.id}",
            input=self._pipeline.cloud_assembly_file_set,
            commands=[command],
            env={"BUCKET": self.deployed.bucket_name, "STAGE": stage.node.id},
            **options,
        )

    def _gate(self, stage: ShopStage) -> pipelines.CodeBuildStep:
        """Return the step that fails if a rollback alarm of a stage goes off."""
        alarms = {
            f"ALARMS_{name.upper()}": output
            for name, stack in stage.use_cases.items()
            if (output := stack.rollback_alarms) is not None
        }
        # `cdk bootstrap` creates the lookup role, which can read everything but secrets.
        role = (
            f"arn:aws:iam::{stage.account}:role/cdk-{cdk.DefaultStackSynthesizer.DEFAULT_QUALIFIER}"
            f"-lookup-role-{stage.account}-{stage.region}"
        )
        return pipelines.CodeBuildStep(
            f"Gate{stage.node.id}",
            input=self._source,
            install_commands=["pip install boto3"],
            commands=["python -m sample_app.gate"],
            env={"ROLE": role, "REGION": str(stage.region), "MINUTES": str(BAKE_MINUTES)},
            env_from_cfn_outputs=alarms,
            role_policy_statements=[
                iam.PolicyStatement(actions=["sts:AssumeRole"], resources=[role])
            ],
        )

    def _acknowledge(self) -> None:
        """Acknowledge findings of cdk-nag."""
        acknowledge_wildcards(self, WILDCARDS)
        replicas = self._pipeline.pipeline.cross_region_support.values()
        for stack in (self, *(each.stack for each in replicas)):
            acknowledgment = cdk.Acknowledgment(
                id="AwsSolutions::AwsSolutions-S1", reason=NO_ACCESS_LOGS
            )
            cdk.Validations.of(stack).acknowledge(acknowledgment)
