// Synthesises one app for each case and writes the validation reports to results.json.
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { CfnEndpoint, CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { EndpointValidator, type EndpointValidatorOptions } from 'cdk-epc-validator';

const REPORT = 'validation-report.json';

type Variant = CfnEndpointConfig.ProductionVariantProperty;

const SERVERLESS: Variant = {
  variantName: 'main',
  modelName: 'answers-2',
  serverlessConfig: { memorySizeInMb: 2500, maxConcurrency: 20 },
};
const INSTANCES: Variant = {
  variantName: 'main',
  modelName: 'answers-2',
  instanceType: 'ml.m5.large',
  initialInstanceCount: 1,
};

function config(scope: cdk.Stack, variant: Variant = SERVERLESS, name?: string): CfnEndpointConfig {
  return new CfnEndpointConfig(scope, 'Config', {
    endpointConfigName: name,
    productionVariants: [variant],
  });
}

function endpoint(scope: cdk.Stack, name: string): CfnEndpoint {
  const { attrEndpointConfigName } = config(scope, INSTANCES);
  return new CfnEndpoint(scope, 'Endpoint', {
    endpointName: name,
    endpointConfigName: attrEndpointConfigName,
  });
}

interface Result {
  readonly failed: boolean;
  readonly report: unknown;
}

function synthesise(
  build: (app: cdk.App) => unknown,
  options: EndpointValidatorOptions | null = {},
  context: Record<string, unknown> = {},
): Result {
  const outdir = fs.mkdtempSync(path.resolve('out-'));
  const app = new cdk.App({ outdir, context });
  if (options !== null) cdk.Validations.of(app).addPlugins(new EndpointValidator(options));
  build(app);
  let failed = false;
  try {
    app.synth();
  } catch (error) {
    if (!fs.existsSync(path.join(outdir, REPORT))) throw error;
    failed = true;
  }
  return { failed, report: JSON.parse(fs.readFileSync(path.join(outdir, REPORT), 'utf8')) };
}

const deployed = path.resolve('deployed');
const before = new cdk.App({ outdir: deployed });
endpoint(new cdk.Stack(before, 'Answers'), 'answers');
before.synth();
const command = ['python', '-m', 'cdk_epc'];
const warning = (app: cdk.App) => config(new cdk.Stack(app, 'Answers'), INSTANCES, 'answers');
const error = (app: cdk.App) => config(new cdk.Stack(app, 'Answers'));
const renamed = (app: cdk.App) => endpoint(new cdk.Stack(app, 'Answers'), 'responses');
fs.writeFileSync('reasons.json', JSON.stringify({ 'endpoint-renamed': 'The callers know it.' }));

const cases: Record<string, () => Result> = {
  profile: () => synthesise(warning, { command }, { 'cdk-epc:profile': 'strict' }),
  wrongProfile: () => synthesise(warning, { command }, { 'cdk-epc:profile': 'hard' }),
  acknowledged: () =>
    synthesise(
      (app) => {
        const inCdk = config(new cdk.Stack(app, 'Answers'));
        const rule = { id: 'cdk-epc::serverless-memory-step', reason: 'In preview.' };
        cdk.Validations.of(inCdk).acknowledge(rule);
        const inTemplate = config(new cdk.Stack(app, 'Questions'));
        const acknowledge = { 'serverless-memory-step': 'Case 1234.' };
        inTemplate.addMetadata('cdk-epc', { acknowledge });
        const ofApp = { id: 'cdk-epc::name-fixed', reason: 'Created once.' };
        cdk.Validations.of(app).acknowledge(ofApp);
        config(new cdk.Stack(app, 'Named'), INSTANCES, 'named');
      },
      { command },
    ),
  stage: () =>
    synthesise((app) => {
      const stage = new cdk.Stage(app, 'Prod');
      cdk.Validations.of(stage).addPlugins(new EndpointValidator({ command }));
      config(new cdk.NestedStack(new cdk.Stack(stage, 'Answers'), 'Inner'));
      config(new cdk.Stack(app, 'Other'));
    }, null),
  options: () =>
    synthesise(warning, {
      command,
      packs: ['security'],
      regions: ['eu-west-1', 'eu-west-3'],
      rules: ['failing:RULES'],
      warningsAsErrors: true,
    }),
  update: () =>
    synthesise(renamed, { command, previous: deployed, updateRules: ['failing:UPDATES'] }),
  accepted: () =>
    synthesise(
      renamed,
      { command, acknowledge: 'reasons.json' },
      { 'cdk-epc:previous': deployed },
    ),
  noReport: () => synthesise(error, { command: [process.execPath, '--version'] }),
  missing: () => {
    process.env.PATH = '';
    return synthesise(error);
  },
};
const results = Object.fromEntries(Object.entries(cases).map(([name, run]) => [name, run()]));
fs.writeFileSync('results.json', JSON.stringify(results, null, 2));
