import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { writeSnapshotDocument } from "../audit/snapshot-document.ts";
import { OperatorError } from "../errors/operator-error.ts";
import { Interrupted, interruptedExit, interruption } from "./interruption.ts";
import { readConfig } from "./read-config.ts";
import { aboutScopes } from "./scan-report.ts";

interface CollectOptions {
  readonly config?: string;
  readonly key?: readonly string[];
  readonly out: string;
}

/** `keyposture collect` */
export function addCollectCommand(program: Command): void {
  program
    .command("collect")
    .description("read the keys of the configuration once, and write a snapshot file of each; nothing is judged")
    .option("-c, --config <file>", "the configuration file (default: KEYPOSTURE_CONFIG or ./keyposture.yaml)")
    .option("-k, --key <name...>", "only these keys")
    .option("-o, --out <dir>", "where the files <key>.json go; made where it is not there", ".")
    .addHelpText(
      "after",
      "\nExit codes: 2 wrong use or bad input, else 3 a fault kept some key from being read to the end, else 0; what a cloud refused, or credentials that are missing, stand in the files.",
    )
    .action(collect);
}

async function collect({ config: path, key, out }: CollectOptions): Promise<void> {
  const config = await readConfig(path);
  const interrupted = interruption();
  const { takeSnapshots } = await import("./take-snapshots.ts");
  const { snapshots, scopes } = await takeSnapshots(config, key, undefined, interrupted).catch((error: unknown) => {
    // Requests may be under way still: nobody waits for them any more.
    if (error instanceof Interrupted) process.exit(interruptedExit(error.by));
    throw error;
  });
  for (const snapshot of snapshots) {
    const file = join(out, `${snapshot.key.name}.json`);
    await write(out, file, writeSnapshotDocument(snapshot));
    process.stdout.write(`${file}\n`);
  }
  process.stderr.write(aboutScopes({ scopes }));
  process.exitCode = scopes.some(({ skipped, failed_keys }) => skipped || failed_keys > 0) ? 3 : 0;
}

async function write(folder: string, file: string, text: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, text);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    throw new OperatorError("usage", `--out: ${file} cannot be written: ${cause.message}`, { cause });
  }
}
