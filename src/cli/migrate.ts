import type { Command } from "commander";
import { migrate } from "../store/migrate.ts";
import { chosenDatabase } from "./chosen-database.ts";

/** `keyposture migrate` */
export function addMigrateCommand(program: Command): void {
  program
    .command("migrate")
    .description("bring the database to the shape that this version needs; serve and scan do so by themselves")
    .option("-c, --config <file>", "the configuration file (default: KEYPOSTURE_CONFIG or ./keyposture.yaml)")
    .action(async ({ config: path }: { config?: string }) => {
      const { config, willBeMade } = await chosenDatabase(path);
      const { database } = config;
      const { applied } = await migrate(database);
      process.stderr.write(willBeMade ?? "");
      const said = applied.length === 0 ? "nothing to do" : `applied ${applied.join(", ")}`;
      process.stdout.write(`${database}: ${said}\n`);
    });
}
