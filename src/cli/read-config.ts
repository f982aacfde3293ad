import { quotaNames } from "../collect/registry.ts";
import type { Config } from "../config/config-schema.ts";
import { loadConfig } from "../config/load-config.ts";

/** The configuration that a command goes by. Throws an OperatorError with every mistake in it. */
export async function readConfig(path: string | undefined, { optional = false } = {}): Promise<Config> {
  const loaded = await loadConfig({
    path,
    env: process.env,
    cwd: process.cwd(),
    knownCalls: quotaNames,
    optional,
  });
  if (!loaded.ok) throw loaded.error;
  return loaded.config;
}
