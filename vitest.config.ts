import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/external/**"],
    // Long enough for the tests that run other programs on a busy machine; nothing asserts a duration.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    coverage: { provider: "v8", include: ["src/**/*.ts", "checks/**/*.ts"] },
  },
});
