import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
} from 'aws-cdk-lib/core';

/** Rules that are off by default. */
export type Pack = 'security' | 'pedantic';

/** Options of `EndpointValidator`. */
export interface EndpointValidatorOptions {
  /**
   * Command that runs cdk-epc: the path of an executable, or an executable with its first arguments,
   * such as `['uv', 'run', 'cdk-epc']`.
   *
   * @default - the executable in the environment variable CDK_EPC, or else `cdk-epc` on PATH, or else
   * the module `cdk_epc` of the Python on PATH
   */
  readonly command?: string | readonly string[];

  /**
   * Whether warnings are errors.
   *
   * @default - true if the context value `cdk-epc:profile` is `strict`
   */
  readonly warningsAsErrors?: boolean;

  /**
   * Packs of rules that are off by default.
   *
   * @default - no packs
   */
  readonly packs?: readonly Pack[];

  /**
   * Custom rules in Python, as `module:NAME`.
   *
   * @default - no custom rules
   */
  readonly rules?: readonly string[];

  /**
   * Regions of stacks without a region of their own.
   *
   * @default - rules that need a region skip such stacks
   */
  readonly regions?: readonly string[];

  /**
   * Folder with the cloud assembly of the deployed app, to which the rules about updates compare this
   * app.
   *
   * @default - the context value `cdk-epc:previous`; without one, the rules about updates do not apply
   */
  readonly previous?: string;

  /**
   * Custom rules about updates in Python, as `module:NAME`.
   *
   * @default - no custom rules about updates
   */
  readonly updateRules?: readonly string[];

  /**
   * File with acknowledgements of findings about updates: a map of rule ids to reasons, or of logical
   * ids to such maps (JSON or YAML).
   *
   * @default - only the acknowledgements of the app apply
   */
  readonly acknowledge?: string;
}

/** Error of a run of cdk-epc that wrote no report. */
export declare class EndpointValidatorError extends Error {}

/**
 * Validation plugin that checks all SageMaker endpoints of an app with `cdk-epc check`.
 *
 * `cdk synth` fails on an error and shows the construct of each finding:
 *
 *     Validations.of(app).addPlugins(new EndpointValidator());
 */
export declare class EndpointValidator implements IPolicyValidationPlugin {
  readonly name: string;
  readonly version: string;

  /**
   * @param options - Options; all of them have defaults.
   */
  constructor(options?: EndpointValidatorOptions);

  /** Check the templates of an app; CDK calls this method. */
  validate(context: IPolicyValidationContext): PolicyValidationPluginReport;
}
