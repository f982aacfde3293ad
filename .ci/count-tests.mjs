// Sums the reports of several runs of Vitest (its json reporter) into one line. Runs under any Node.
import { existsSync, readFileSync } from "node:fs";

const sum = { passed: 0, failed: 0, skipped: 0 };
for (const file of process.argv.slice(2)) {
  // A run that ended before it could report has failed as a step already.
  if (!existsSync(file)) continue;
  const report = JSON.parse(readFileSync(file, "utf8"));
  sum.passed += report.numPassedTests;
  sum.failed += report.numFailedTests;
  sum.skipped += report.numPendingTests + report.numTodoTests;
  // A file that cannot even be loaded has no tests to count.
  sum.failed += report.testResults.filter((one) => one.status === "failed" && one.assertionResults.length === 0).length;
}
console.log(`Tests: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
