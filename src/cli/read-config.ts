import { quotaNames } from "../collect/call-tables.ts";
import type { Config } from "../config/config-schema.ts";
import { loadConfig } from "../config/load-config.ts";

/** The configuration that a command goes by. Throws an OperatorError with every mistake in it. */
export async function readConfig(path: string | undefined, options: { optional?: boolean } = {}): Promise<Config> {
  return (await readConfigFile(path, options)).config;
}

/** The same with the file that it stands in; null where there is none, and the defaults stand in for it. */
export async function readConfigFile(
  path: string | undefined,
  { optional = false }: { optional?: boolean } = {},
): Promise<{ readonly config: Config; readonly file: string | null }> {
  const loaded = await loadConfig({
    path,
    env: process.env,
    cwd: process.cwd(),
    knownCalls: quotaNames,
    optional,
  });
  if (!loaded.ok) throw loaded.error;
  return loaded;
}
