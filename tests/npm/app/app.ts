// The app that the CDK CLI synthesises: one error and one warning in an L1 construct.
import * as cdk from 'aws-cdk-lib';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { EndpointValidator } from 'cdk-epc-validator';

const app = new cdk.App();
cdk.Validations.of(app).addPlugins(new EndpointValidator());
const stack = new cdk.Stack(app, 'Answers');
new CfnEndpointConfig(stack, 'Config', {
  endpointConfigName: 'answers',
  productionVariants: [
    {
      variantName: 'main',
      modelName: 'answers-2',
      serverlessConfig: { memorySizeInMb: 2500, maxConcurrency: 20 },
    },
  ],
});
