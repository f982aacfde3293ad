import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { requiredSuites } from "./required-suites.ts";

export interface ExternalNeeds {
  /**
   * What npm does not bring: programs on PATH (`promtool`), variables in capitals (`KEYPOSTURE_RECORDED`), and modules
   * that the Python on PATH has (`python:jsonschema_rs`).
   */
  readonly needs: readonly [string, ...string[]];
}

/**
 * A suite that needs more than npm, one for each file and named like it. Where something is missing it is skipped, in
 * one line that says why, unless `KEYPOSTURE_REQUIRE` names it: then it fails.
 */
export function externalSuite(name: string, { needs }: ExternalNeeds, body: () => void): void {
  const file = basename(expect.getState().testPath ?? "");
  if (file !== `${name}.test.ts`) throw new Error(`the suite in ${file} calls itself ${name}`);

  const missing = needs.filter((need) => !isThere(need));
  if (missing.length === 0) {
    describe(name, body);
  } else if (requiredSuites().includes(name)) {
    it(`${name} must run here`, () => expect.fail(`missing: ${missing.join(", ")}`));
  } else {
    console.log(`skipped: ${name} (missing: ${missing.join(", ")})`);
    describe.skip(name, body);
  }
}

function isThere(need: string): boolean {
  if (/^[A-Z][A-Z0-9_]*$/.test(need)) return Boolean(process.env[need]);
  const [, module] = /^python:(\w+)$/.exec(need) ?? [];
  if (module !== undefined) return spawnSync("python3", ["-c", `import ${module}`]).status === 0;
  return (process.env.PATH ?? "").split(delimiter).some((folder) => isExecutable(join(folder, need)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Whatever keeps us from running it, it cannot be run.
    return false;
  }
}
