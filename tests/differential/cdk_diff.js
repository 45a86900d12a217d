// Prints the effect of each update on each resource, as `cdk diff` tells it.
//
//     node cdk_diff.js path/to/aws-cdk/lib/index.js < pairs.json
//
// The CDK CLI bundles @aws-cdk/cloudformation-diff without exporting it. Therefore the pinned bundle
// is compiled with one more line.
const fs = require("fs");
const Module = require("module");
const path = require("path");

const file = path.resolve(process.argv[2]);
const bundle = new Module(file, module);
bundle.filename = file;
bundle.paths = Module._nodeModulePaths(path.dirname(file));
const line = "\ninit_diff_template(); module.exports.fullDiff = fullDiff;";
bundle._compile(fs.readFileSync(file, "utf8") + line, file);

const effects = JSON.parse(fs.readFileSync(0, "utf8")).map(([before, after]) => {
  const found = {};
  bundle.exports.fullDiff(before, after).resources.forEachDifference((id, change) => {
    found[id] = change.changeImpact;
  });
  return found;
});
process.stdout.write(JSON.stringify(effects), () => process.exit(0));
