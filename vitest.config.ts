import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Half of what a test takes that starts a process or a thread is to strip and compile the code, which Node can keep. It
// has no part in coverage, which would be less exact: https://nodejs.org/api/module.html#module-compile-cache
if (!process.argv.includes("--coverage")) {
  process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules/.cache/node");
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/external/**"],
    maxWorkers: "100%",
    // Long enough for the tests that run other programs on a busy machine; nothing asserts a duration.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    coverage: { provider: "v8", include: ["src/**/*.ts", "checks/**/*.ts"] },
  },
});
