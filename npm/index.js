// @ts-check
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { version } = require('./package.json');

/**
 * @import { IPolicyValidationContext, PolicyValidationPluginReport, PolicyViolation } from 'aws-cdk-lib/core'
 * @import { IConstruct } from 'constructs'
 * @import { EndpointValidatorOptions } from './index'
 */

/**
 * @typedef {object} Finding One finding in the JSON of cdk-epc.
 * @property {string} rule_id
 * @property {'error' | 'warning'} severity
 * @property {string} path
 * @property {string} message
 * @property {string} fix
 * @property {string | null} source_url
 * @property {string | null} file
 * @property {string | null} resource
 * @property {string} [reason]
 */

/**
 * @typedef {object} Report The JSON of cdk-epc.
 * @property {Finding[]} findings
 * @property {Finding[]} acknowledged
 * @property {{file: string, message: string}[]} unusable
 */

/**
 * @typedef {object} SynthesizedStack
 * @property {any} construct The stack itself.
 * @property {string} top Construct path of the stack at the top of the nested ones.
 * @property {Record<string, any>} template
 */

const NAME = 'cdk-epc';
const VARIABLE = 'CDK_EPC';
const ACKNOWLEDGED = 'aws:cdk:acknowledged-rules';
const MAX_BYTES = 1024 ** 3;
const CANDIDATES = [
  ['cdk-epc'],
  // Without -P, Python would import modules of the current folder.
  ['python3', '-P', '-m', 'cdk_epc'],
  ['python', '-P', '-m', 'cdk_epc'],
  ...(process.platform === 'win32' ? [['py', '-P', '-m', 'cdk_epc']] : []),
];

class EndpointValidatorError extends Error {
  name = 'EndpointValidatorError';
}

class EndpointValidator {
  name = NAME;
  version = version;

  /** @param {EndpointValidatorOptions} [options] */
  constructor(options = {}) {
    this.options = options;
  }

  /**
   * @param {IPolicyValidationContext} context
   * @returns {PolicyValidationPluginReport}
   */
  validate(context) {
    const { packs = [], rules = [], updateRules = [], acknowledge } = this.options;
    const root = context.appConstruct;
    const folder = outdirOf(root) ?? path.dirname(context.templatePaths[0] ?? '');
    const common = ['--format', 'json', ...this.#strict(root), ...this.#regions()];
    const reports = [
      this.#run([
        'check',
        ...common,
        ...packs.flatMap((each) => ['--pack', each]),
        ...rulesOptions(rules),
        '--',
        folder,
      ]),
    ];
    const previous = this.options.previous ?? root.node.tryGetContext('cdk-epc:previous');
    if (previous !== undefined) {
      const accepted = acknowledge === undefined ? [] : ['--acknowledge', acknowledge];
      const options = [...common, ...rulesOptions(updateRules), ...accepted];
      reports.push(this.#run(['diff', ...options, '--', previous, folder]));
    }
    const stacks = stacksOf(root);
    const validated = new Set(context.stackTemplates.map((each) => each.stackConstructPath));
    /** @param {{file: string | null}} each */
    const isValidated = (each) => {
      const stack = each.file === null ? undefined : stacks.get(path.resolve(each.file));
      return stack === undefined || validated.has(stack.top);
    };
    const violations = reports.flatMap((report) => [
      ...report.unusable.map(unusableViolation),
      ...report.findings.filter(isValidated).map((each) => violation(each, stacks)),
      ...report.acknowledged.filter(isValidated).map((each) => acknowledged(each, stacks)),
    ]);
    const success = violations.every((each) => each.severity !== 'error');
    return { success, pluginVersion: version, violations };
  }

  /**
   * @param {IConstruct} root
   * @returns {string[]}
   */
  #strict(root) {
    const profile = root.node.tryGetContext('cdk-epc:profile') ?? 'default';
    if (profile !== 'default' && profile !== 'strict') {
      throw new EndpointValidatorError(
        `the context value cdk-epc:profile is ${JSON.stringify(profile)}; must be "default" or "strict"`,
      );
    }
    return (this.options.warningsAsErrors ?? profile === 'strict') ? ['--strict'] : [];
  }

  /** @returns {string[]} */
  #regions() {
    const { regions = [] } = this.options;
    return regions.length > 0 ? ['--region', regions.join(',')] : [];
  }

  /**
   * @param {string[]} args
   * @returns {Report}
   */
  #run(args) {
    for (const command of this.#commands()) {
      const [executable = '', ...first] = command;
      const done = spawnSync(executable, [...first, ...args], {
        encoding: 'utf8',
        maxBuffer: MAX_BYTES,
        windowsHide: true,
      });
      const isMissing =
        done.error !== undefined
          ? /** @type {NodeJS.ErrnoException} */ (done.error).code === 'ENOENT'
          : /No module named '?cdk_epc\b|unknown option/i.test(done.stderr);
      if (isMissing) continue;
      return reportOf(command.join(' '), done);
    }
    throw new EndpointValidatorError(
      'cdk-epc was not found. Install it with `pip install cdk-epc` (Python 3.11 or newer), or name ' +
        `its executable in the option \`command\` or the environment variable ${VARIABLE}.`,
    );
  }

  /** @returns {readonly (readonly string[])[]} */
  #commands() {
    const given = this.options.command ?? process.env[VARIABLE];
    if (given === undefined || given.length === 0) return CANDIDATES;
    return [typeof given === 'string' ? [given] : given];
  }
}

/**
 * @param {readonly string[]} rules
 * @returns {string[]}
 */
function rulesOptions(rules) {
  return rules.flatMap((each) => ['--rules', each]);
}

/**
 * @param {string} command
 * @param {import('node:child_process').SpawnSyncReturns<string>} done
 * @returns {Report}
 */
function reportOf(command, done) {
  try {
    return JSON.parse(done.stdout);
  } catch {
    const reason = done.error?.message ?? (done.stderr.trim() || `exit code ${done.status}`);
    throw new EndpointValidatorError(`${command} wrote no report: ${printable(reason)}`);
  }
}

/**
 * @param {IConstruct} root
 * @returns {string | undefined}
 */
function outdirOf(root) {
  const { outdir } = /** @type {{outdir?: unknown}} */ (/** @type {unknown} */ (root));
  return typeof outdir === 'string' ? outdir : undefined;
}

/**
 * Return all stacks of an app by the absolute path of their template.
 *
 * The classes of aws-cdk-lib are not used, because an app can load a copy of its own.
 *
 * @param {IConstruct} root
 * @returns {Map<string, SynthesizedStack>}
 */
function stacksOf(root) {
  /** @type {Map<string, SynthesizedStack>} */
  const found = new Map();
  for (const construct of root.node.findAll()) {
    const stack = /** @type {any} */ (construct);
    if (typeof stack.templateFile !== 'string' || typeof stack.stackName !== 'string') continue;
    const stage = stack.node.scopes.findLast((/** @type {IConstruct} */ each) => outdirOf(each));
    if (stage === undefined) continue;
    const file = path.resolve(stage.outdir, stack.templateFile);
    let top = stack;
    while (top.nestedStackParent !== undefined) top = top.nestedStackParent;
    if (!fs.existsSync(file)) continue;
    const template = JSON.parse(fs.readFileSync(file, 'utf8'));
    found.set(file, { construct: stack, top: top.node.path, template });
  }
  return found;
}

/**
 * @param {Finding} finding
 * @param {Map<string, SynthesizedStack>} stacks
 * @returns {PolicyViolation}
 */
function violation(finding, stacks) {
  const file = finding.file === null ? undefined : path.resolve(finding.file);
  const stack = file === undefined ? undefined : stacks.get(file);
  const resource = stack?.template.Resources?.[finding.resource ?? ''];
  return {
    ruleName: finding.rule_id,
    description: printable(finding.message),
    fix: printable(finding.fix),
    severity: finding.severity,
    ...(finding.source_url === null ? {} : { ruleMetadata: { source: finding.source_url } }),
    violatingResources: [
      {
        // The acknowledgement of a scope has the path of the scope instead of a logical id.
        ...(resource === undefined
          ? { constructPath: finding.resource ?? stack?.construct.node.path }
          : { resourceLogicalId: finding.resource ?? undefined }),
        templatePath: file,
        locations: finding.path === '' ? [] : [printable(location(finding.path, resource))],
      },
    ],
  };
}

/**
 * Return an acknowledged finding. CDK moves it to the suppressed ones if it knows the acknowledgement;
 * another one, such as that in the metadata of a template, makes it a note.
 *
 * @param {Finding} finding
 * @param {Map<string, SynthesizedStack>} stacks
 * @returns {PolicyViolation}
 */
function acknowledged(finding, stacks) {
  const stack = stacks.get(path.resolve(finding.file ?? ''));
  if (stack !== undefined && isAcknowledgedInCdk(finding, stack.construct)) {
    return violation(finding, stacks);
  }
  const message = `${finding.message}; acknowledged: ${finding.reason}`;
  return { ...violation({ ...finding, message }, stacks), severity: 'info' };
}

/**
 * @param {Finding} finding
 * @param {any} stack
 * @returns {boolean}
 */
function isAcknowledgedInCdk(finding, stack) {
  const resource = stack.node
    .findAll()
    .find(
      (/** @type {any} */ each) =>
        each.stack === stack &&
        typeof each.cfnResourceType === 'string' &&
        stack.getLogicalId(each) === finding.resource,
    );
  return (resource ?? stack).node.scopes.some((/** @type {IConstruct} */ scope) =>
    scope.node.metadata.some(
      ({ type, data }) => type === ACKNOWLEDGED && `${NAME}::${finding.rule_id}` in Object(data),
    ),
  );
}

/**
 * @param {{file: string, message: string}} unusable
 * @returns {PolicyViolation}
 */
function unusableViolation({ file, message }) {
  return {
    ruleName: 'input-unusable',
    description: printable(message),
    severity: 'error',
    violatingResources: [{ templatePath: path.resolve(file), locations: [] }],
  };
}

/**
 * Return the place of a value below its resource as CDK writes it: `Properties.Tags.0.Key`.
 *
 * @param {string} property Property as cdk-epc writes it: `Tags[0].Key`.
 * @param {Record<string, any> | undefined} resource
 * @returns {string}
 */
function location(property, resource) {
  const dotted = property.replace(/\[(\d+)\]/g, '.$1');
  const [first = ''] = dotted.split('.');
  const isProperty = first in (resource?.Properties ?? {}) || !(first in (resource ?? {}));
  return resource !== undefined && isProperty ? `Properties.${dotted}` : dotted;
}

/**
 * Return a text without characters that steer a terminal.
 *
 * @param {string} text
 * @returns {string}
 */
function printable(text) {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`,
  );
}

module.exports = { EndpointValidator, EndpointValidatorError };
