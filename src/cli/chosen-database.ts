/** The database that a command works on which does without a configuration where there is none. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Config } from "../config/config-schema.ts";
import { OperatorError } from "../errors/operator-error.ts";
import { readConfigFile } from "./read-config.ts";

export interface ChosenDatabase {
  /** Its defaults, where there is none. */
  readonly config: Config;
  /** Where the database is yet to be made: what to say of that afterwards. Null where it is there. */
  readonly willBeMade: string | null;
}

/** Throws `config-not-found` where nothing names a database and there is none in the folder. */
export async function chosenDatabase(path: string | undefined): Promise<ChosenDatabase> {
  const { config, file } = await readConfigFile(path, { optional: true });
  const database = resolve(config.database);
  if (existsSync(database)) return { config, willBeMade: null };
  // Nothing says that a service would ever look at one that is made here.
  if (file === null) throw noDatabase(database);
  return { config, willBeMade: `there was no database yet: ${database} was made\n` };
}

function noDatabase(database: string): OperatorError {
  return new OperatorError(
    "config-not-found",
    `there is no database ${database}, and no configuration that names another; go to the folder of the service, or name its configuration with --config or KEYPOSTURE_CONFIG`,
  );
}
