import { defineConfig } from "vitest/config";

/** Suites that need another program or recorded data: see test/external/external-suite.ts. */
export default defineConfig({
  test: {
    include: ["test/external/**/*.test.ts"],
    globalSetup: ["test/external/required-suites.ts"],
    // So that a skipped suite is one plain line.
    disableConsoleIntercept: true,
    passWithNoTests: true,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
