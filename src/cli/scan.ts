import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { Config } from "../config/config-schema.ts";
import { type ExportFormatName, exportFormatNames, isExportFormat } from "../export/formats.ts";
import { type ScanLane, scanLanes } from "../model/lane.ts";
import { exitCodeHelp, type FailOn, failOnOption } from "./fail-on.ts";
import { unlessServed } from "./hold-database.ts";
import { type Interrupt, interruptedExit, interruption } from "./interruption.ts";
import { createLogger } from "./logger.ts";
import { createProgress } from "./progress.ts";
import { readConfig } from "./read-config.ts";
import { aboutScopes, formats, type ReportFormat } from "./scan-report.ts";
import { writeOut } from "./standard-output.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";
import { wantedKeys } from "./wanted-keys.ts";

interface ScanOptions {
  readonly config?: string;
  readonly key?: string[];
  readonly lane: ScanLane;
  readonly format: ReportFormat | ExportFormatName;
  readonly store: boolean;
  readonly failOn: FailOn;
}

/** `keyposture scan` */
export function addScanCommand(program: Command): void {
  program
    .command("scan")
    .description("scan the registered keys once, at once, and tell what was found")
    .option("-c, --config <file>", "the configuration file (default: KEYPOSTURE_CONFIG or ./keyposture.yaml)")
    .option("-k, --key <name...>", "only these keys")
    .addOption(new Option("--lane <lane>", "what to read").choices(scanLanes).default("full"))
    .addOption(
      new Option("-f, --format <format>", "how to tell it")
        .choices([...Object.keys(formats), ...exportFormatNames])
        .default("table"),
    )
    .option("--no-store", "leave the configured database alone: judge, tell, forget")
    .addOption(failOnOption())
    .addHelpText("after", exitCodeHelp)
    .action(scan);
}

async function scan(options: ScanOptions): Promise<void> {
  const config = await readConfig(options.config);
  const interrupted = interruption();
  const folder = options.store ? undefined : await makeTemporaryFolder();
  const chosen = folder === undefined ? config : { ...config, database: join(folder, "scan.db") };
  let ended: number | Interrupt;
  try {
    ended = await scanOnce(chosen, options, interrupted);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
  // Interrupted, with requests still under way: nobody waits for them any more.
  if (typeof ended === "string") process.exit(interruptedExit(ended));
  process.exitCode = ended;
}

/** Scans, tells, and returns the exit code; or what interrupted it, with nothing told. */
async function scanOnce(
  config: Config,
  options: ScanOptions,
  interrupted: Promise<Interrupt>,
): Promise<number | Interrupt> {
  const { openService } = await import("./service.ts");
  // The report tells what was refused; the log is for what is broken.
  const { store, schedule, leases, takeOver, now, close } = await openService({ config, log: createLogger("error") });
  try {
    if (!(await unlessServed(leases, takeOver))) {
      process.stderr.write(`a running service watches ${config.database}: its keys are scanned\n`);
    }
    const names = (await store.read.keys()).map(({ name }) => name);
    const wanted = wantedKeys(options.key, names);
    const progress = createProgress("scanned", wanted.length);
    const begun = await schedule.requestScan(wanted, options.lane, progress.step);
    const scans = await Promise.race([Promise.all(begun.map(({ done }) => done)), interrupted]);
    progress.end();
    if (typeof scans === "string") return scans;
    const { readReport, withExitCode } = await import("./scan-report.ts");
    const as_of = now();
    const read = readReport({ read: store.read, keys: wanted, begun, scans });
    const { report, exitCode } = withExitCode(read, options.failOn);
    const { format } = options;
    if (isExportFormat(format)) {
      const { writeScanExport } = await import("./scan-export.ts");
      await writeScanExport({ format, read: store.read, keys: report.keys, as_of });
      // The formats have findings only.
      process.stderr.write(aboutScopes(report));
    } else {
      await writeOut(formats[format](report));
    }
    return exitCode();
  } finally {
    await schedule.stop();
    await close();
  }
}
