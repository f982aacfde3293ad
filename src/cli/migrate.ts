import type { Command } from "commander";
import { migrate } from "../store/migrate.ts";
import { readConfig } from "./read-config.ts";

/** `keyposture migrate` */
export function addMigrateCommand(program: Command): void {
  program
    .command("migrate")
    .description("bring the database to the shape that this version needs; serve and scan do so by themselves")
    .option("-c, --config <file>", "the configuration file (default: KEYPOSTURE_CONFIG or ./keyposture.yaml)")
    .action(async ({ config: path }: { config?: string }) => {
      const { database } = await readConfig(path, { optional: true });
      const { applied } = await migrate(database);
      const said = applied.length === 0 ? "nothing to do" : `applied ${applied.join(", ")}`;
      process.stdout.write(`${database}: ${said}\n`);
    });
}
