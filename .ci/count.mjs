/** Adds up the counts the test runs left in a folder; a step that failed by itself counts as one failure. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [, , folder, stepFailed] = process.argv;
let passed = 0;
let failed = 0;
for (const file of readdirSync(folder)) {
  const run = JSON.parse(readFileSync(join(folder, file), "utf8"));
  passed += run.numPassedTests;
  failed +=
    run.numFailedTests +
    run.testResults.filter((suite) => suite.status === "failed" && suite.assertionResults.length === 0).length;
  if (run.numPendingTests + run.numTodoTests > 0) failed += run.numPendingTests + run.numTodoTests;
}
if (stepFailed === "1" && failed === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
