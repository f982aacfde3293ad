import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "../../src/check/define-check.ts";
import { type Provider, providers } from "../../src/model/resource.ts";

/** A check, and where it stands. */
export interface LoadedCheck {
  readonly provider: Provider;
  /** From the root of the repository. */
  readonly path: string;
  /** What its file calls it. */
  readonly exported: string;
  readonly check: Check;
}

const root = join(import.meta.dirname, "../..");

/** Every check under `checks/<provider>/`, sorted by id. Throws where a file holds anything but one check. */
export async function loadChecks(): Promise<readonly LoadedCheck[]> {
  const loaded: LoadedCheck[] = [];
  for (const provider of providers) {
    for (const file of readdirSync(join(root, "checks", provider))) {
      if (file.endsWith(".ts")) loaded.push(await loadCheck(provider, `checks/${provider}/${file}`));
    }
  }
  return loaded.toSorted((a, b) => (a.check.id < b.check.id ? -1 : 1));
}

async function loadCheck(provider: Provider, path: string): Promise<LoadedCheck> {
  const exports = Object.entries((await import(join(root, path))) as Record<string, unknown>);
  const [first, ...others] = exports;
  if (first === undefined || others.length > 0 || !isCheck(first[1])) {
    throw new Error(`${path} must export one check and nothing else`);
  }
  return { provider, path, exported: first[0], check: first[1] };
}

function isCheck(value: unknown): value is Check {
  return typeof value === "object" && value !== null && "id" in value && "evaluate" in value;
}
