import type { Command } from "commander";
import { createLogger } from "./logger.ts";
import { readConfig } from "./read-config.ts";

interface ServeOptions {
  readonly config?: string;
  readonly checkConfig?: true;
}

/** `keyposture serve` */
export function addServeCommand(program: Command): void {
  program
    .command("serve")
    .description("watch the registered keys, and answer over HTTP")
    .option("-c, --config <file>", "the configuration file (default: KEYPOSTURE_CONFIG or ./keyposture.yaml)")
    .option("--check-config", "say whether the configuration is in order, and do nothing else")
    .action(async ({ config: path, checkConfig }: ServeOptions) => {
      const config = await readConfig(path);
      if (checkConfig === true) {
        process.stdout.write(
          `the configuration is in order: ${config.keys.length} ${config.keys.length === 1 ? "key" : "keys"}\n`,
        );
        return;
      }
      const { startServer } = await import("./server.ts");
      const log = createLogger(config.log.level);
      const server = await startServer({ config, log });
      const signal = await new Promise<string>((resolve) => {
        for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => resolve(name));
      });
      log.info({ signal }, "stopping");
      await server.close();
      log.info({}, "stopped");
      // A request that hangs would keep the process until its own time-out; what it brings is not kept any more.
      process.exit(0);
    });
}
