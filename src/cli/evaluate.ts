import { type Command, Option } from "commander";
import { checkSettings } from "../config/check-settings.ts";
import { toRegistration } from "../config/registration-schema.ts";
import { type GuidanceRevision, guidanceRevisions } from "../model/guidance-revision.ts";
import { type DocumentFormat, documentFormats, exitCodeOf } from "./document-report.ts";
import { exitCodeHelp, type FailOn, failOnOption } from "./fail-on.ts";
import { judgeFile } from "./judge-file.ts";
import { readConfig } from "./read-config.ts";

interface EvaluateOptions {
  readonly config?: string;
  readonly guidance?: GuidanceRevision;
  readonly format: DocumentFormat;
  readonly failOn: FailOn;
}

/** `keyposture evaluate FILE…` */
export function addEvaluateCommand(program: Command): void {
  program
    .command("evaluate")
    .description("judge snapshot files that collect wrote, as a scan would have judged those keys then")
    .argument("<file...>", "snapshot files")
    .option(
      "-c, --config <file>",
      "the configuration whose settings hold (default: KEYPOSTURE_CONFIG or ./keyposture.yaml; without one, their defaults)",
    )
    .addOption(
      new Option("--guidance <revision>", "the documented rules to judge by (default: those that the snapshot names)") //
        .choices(guidanceRevisions),
    )
    .addOption(
      new Option("-f, --format <format>", "how to tell it").choices(Object.keys(documentFormats)).default("table"),
    )
    .addOption(failOnOption())
    .addHelpText("after", exitCodeHelp)
    .action(evaluate);
}

async function evaluate(files: readonly string[], options: EvaluateOptions): Promise<void> {
  const settings = checkSettings(await readConfig(options.config, { optional: true }));
  const context = {
    type: "snapshot",
    guidance: options.guidance ?? null,
    settings,
    // A snapshot says itself whose it is.
    origin: { account: null, key: null },
    registration: toRegistration({}, []),
    now: Date.now(),
  } as const;
  const judged = await Promise.all(files.map((file) => judgeFile(file, context)));
  const reports = judged.map(({ report }) => report);
  process.stdout.write(documentFormats[options.format](reports));
  process.exitCode = exitCodeOf(reports, options.failOn);
}
