/** Holds the tree to the import rules of .dependency-cruiser.mjs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ICruiseResult } from "dependency-cruiser";
import { cruise } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";

const folders = ["src", "checks", "migrations", "test", "tools", "bench"];

/**
 * The fewest modules that a sound reading of the tree can find. A reader that understands no TypeScript finds none and
 * reports no violation either.
 */
const floor = 150;

export interface Violation {
  readonly rule: string;
  readonly why: string;
  readonly from: string;
  readonly to: string;
}

export interface ImportReport {
  /** How many of our own modules were read. */
  readonly modules: number;
  readonly violations: readonly Violation[];
}

/** Reads every module under a folder that is laid out like this repository. */
export async function checkImports(baseDir: string): Promise<ImportReport> {
  const options = await extractDepcruiseOptions(join(import.meta.dirname, "../.dependency-cruiser.mjs"));
  const result = await cruise(
    folders.filter((folder) => existsSync(join(baseDir, folder))),
    { ...options, baseDir, validate: true },
    options.enhancedResolveOptions,
  );
  const why = new Map(options.ruleSet?.forbidden?.map(({ name, comment }) => [name, comment]));
  const { modules, summary } = result.output as ICruiseResult;
  return {
    modules: modules.filter(({ source }) => source.endsWith(".ts") && !source.includes("node_modules/")).length,
    violations: summary.violations.map(({ rule, from, to, cycle }) => ({
      rule: rule.name,
      why: why.get(rule.name) ?? "",
      from,
      to: cycle === undefined ? to : cycle.map(({ name }) => name).join(" → "),
    })),
  };
}

if (import.meta.main) {
  const { modules, violations } = await checkImports(process.cwd());
  for (const { rule, why, from, to } of violations) console.log(`${from} → ${to}\n  ${rule}: ${why}`);
  console.log(`${modules} modules read, ${violations.length} forbidden imports`);
  if (modules < floor) console.log(`fewer than ${floor} modules: the tree was not read as it should be`);
  process.exitCode = violations.length > 0 || modules < floor ? 1 : 0;
}
