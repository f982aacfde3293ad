import type { Command } from "commander";
import { readTokensFile } from "../config/tokens-file.ts";
import { interruption } from "./interruption.ts";
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
      const { tokens_file } = config.server;
      if (checkConfig === true) {
        const tokens = tokens_file === null ? undefined : await readTokensFile(tokens_file);
        if (tokens?.ok === false) throw tokens.error;
        process.stdout.write(
          `the configuration is in order: ${config.keys.length} ${config.keys.length === 1 ? "key" : "keys"}\n`,
        );
        return;
      }
      const { startServer } = await import("./server.ts");
      const log = createLogger(config.log.level);
      const interrupted = interruption();
      const server = await Promise.race([startServer({ config, log }), interrupted]);
      // While it waited for the database: nothing has begun.
      if (typeof server === "string") return process.exit(0);
      const signal = await interrupted;
      log.info({ signal }, "stopping");
      await server.close();
      log.info({}, "stopped");
      // A request that hangs would keep the process until its own time-out; what it brings is not kept any more.
      process.exit(0);
    });
}
