import { spawnSync } from "node:child_process";
import { afterAll, describe, expect, it } from "vitest";
import { copyProject } from "./project-copy.ts";

const copy = copyProject([
  "package.json",
  "vitest.external.config.ts",
  "test/external/external-suite.ts",
  "test/external/required-suites.ts",
]);

function writeSuite(name: string, need: string, called = name): void {
  copy.write(
    `test/external/${name}.test.ts`,
    `import { expect, it } from "vitest";
import { externalSuite } from "./external-suite.ts";
externalSuite("${called}", { needs: ["${need}"] }, () => {
  it("runs", () => expect(1).toBe(1));
});
`,
  );
}

writeSuite("runs", "node");
writeSuite("told", "PLANTED_VARIABLE");
writeSuite("lacks", "no-such-program");
writeSuite("snake", "python:no_such_module");

interface Run {
  readonly status: number | null;
  readonly output: string;
}

function runSuites(environment: Readonly<Record<string, string>>): Run {
  const { KEYPOSTURE_REQUIRE: _, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "--config", "vitest.external.config.ts"],
    { cwd: copy.folder, encoding: "utf8", env: { ...inherited, NO_COLOR: "1", ...environment } },
  );
  return { status, output: stdout + stderr };
}

afterAll(() => {
  copy.remove();
});

describe("external suites", () => {
  it("are skipped in one line each that says what is missing", () => {
    const { status, output } = runSuites({});
    expect(status).toBe(0);
    expect(
      output
        .split("\n")
        .filter((line) => line.startsWith("skipped:"))
        .toSorted(),
    ).toEqual([
      "skipped: lacks (missing: no-such-program)",
      "skipped: snake (missing: python:no_such_module)",
      "skipped: told (missing: PLANTED_VARIABLE)",
    ]);
    expect(output).toMatch(/1 passed \| 3 skipped \(4\)/);
  });

  it("run where a variable is set, and fail where they are required and cannot", () => {
    const { status, output } = runSuites({ PLANTED_VARIABLE: "1", KEYPOSTURE_REQUIRE: "runs,lacks,snake" });
    expect(status).toBe(1);
    expect(output).toContain("missing: no-such-program");
    expect(output).toContain("missing: python:no_such_module");
    expect(output).not.toMatch(/^skipped:/m);
  });

  it("must exist where they are required", () => {
    const { status, output } = runSuites({ KEYPOSTURE_REQUIRE: "gone" });
    expect(status).toBe(1);
    expect(output).toContain("there is no test/external/gone.test.ts");
  });

  it("are called like their files", () => {
    writeSuite("renamed", "node", "another");
    const { status, output } = runSuites({});
    expect(status).toBe(1);
    expect(output).toContain("the suite in renamed.test.ts calls itself another");
  });
});
