import { type Command, Option } from "commander";
import { checkSettings } from "../config/check-settings.ts";
import { parseConfig } from "../config/parse-config.ts";
import { type RegistrationFields, toRegistration } from "../config/registration-schema.ts";
import { OperatorError } from "../errors/operator-error.ts";
import type { CheckSettings } from "../model/check-settings.ts";
import { type GuidanceRevision, guidanceRevisions } from "../model/guidance-revision.ts";
import type { KeyResource } from "../model/key.ts";
import { accountOption, principalOption, resourceOption, uuidOption } from "./document-options.ts";
import { type DocumentFormat, documentFormats, exitCodeOf, type FileReport } from "./document-report.ts";
import { exitCodeHelp, type FailOn, failOnOption } from "./fail-on.ts";
import { type FileContext, type FileType, fileTypes, type JudgedFile, judgeFile } from "./judge-file.ts";
import { setOption, setOptionForm, settingHints } from "./registered-options.ts";
import { visible } from "./visible-text.ts";

interface LintOptions {
  readonly account?: string;
  readonly resource?: KeyResource;
  readonly compartment?: readonly string[];
  readonly organization?: readonly string[];
  readonly expectPrincipal?: readonly string[];
  readonly set?: RegistrationFields;
  readonly guidance?: GuidanceRevision;
  readonly type?: FileType;
  readonly correct?: true;
  readonly format: DocumentFormat;
  readonly failOn: FailOn;
}

/** `keyposture lint FILE…` */
export function addLintCommand(program: Command): void {
  program
    .command("lint")
    .description("judge documents, such as key policies, without a cloud")
    .argument(
      "<file...>",
      "key policies of AWS, as they are written or as `aws kms get-key-policy` prints them; IAM policies of Google Cloud keys, as `gcloud kms keys get-iam-policy --format=json` prints them; what `az keyvault show`, `az keyvault key show` and `az role assignment list` print; snapshots",
    )
    .option(
      "--account <id>",
      "the account, the project or the vault's host of the key (default: that of --resource)",
      accountOption,
    )
    .option(
      "--resource <name>",
      "the key: its ARN, its full name in Google Cloud, its address in Azure",
      resourceOption,
    )
    .option("--compartment <uuid>", "a compartment that uses the key; repeatable", uuidOption)
    .option("--organization <uuid>", "an Anthropic organization that uses the key; repeatable", uuidOption)
    .option("--expect-principal <name>", "somebody who is meant to have access; repeatable", principalOption)
    .option("--set <setting>", `what else is registered for the key, ${setOptionForm}; repeatable`, setOption)
    .addOption(
      new Option("--guidance <revision>", "the documented rules to judge by (default: the newest, or a snapshot's own)") //
        .choices(guidanceRevisions),
    )
    .addOption(new Option("--type <type>", "what the files hold (default: found by content)").choices(fileTypes))
    .addOption(
      new Option("-f, --format <format>", "how to tell it").choices(Object.keys(documentFormats)).default("table"),
    )
    .option("--correct", "print, instead of the report, the one file with what can be mended")
    .addOption(failOnOption())
    .addHelpText("after", exitCodeHelp)
    .action(lint);
}

async function lint(files: readonly string[], options: LintOptions): Promise<void> {
  const context = contextOf(options);
  const [only, ...others] = files;
  if (options.correct === true) {
    if (only === undefined || others.length > 0) throw new OperatorError("usage", "--correct takes one file");
    return correct(only, context, options.failOn);
  }
  const judged = await Promise.all(files.map((file) => judgeFile(file, context)));
  const reports = judged.map(({ report }) => report);
  process.stdout.write(documentFormats[options.format](reports));
  if (options.format === "table") process.stdout.write(hints(judged, context));
  process.exitCode = exitCodeOf(reports, options.failOn);
}

/** What a person may want to know beside the report. */
function hints(judged: readonly JudgedFile[], { origin }: FileContext): string {
  const leftOut = origin.account === null && judged.some(({ report }) => isDocument(report));
  const lines = [
    ...(leftOut ? ["Left out is what depends on whose key it is: say --account or --resource."] : []),
    // A snapshot has its own registration.
    ...settingHints(judged.flatMap(({ report }) => (isDocument(report) ? report.outcomes : []))),
    ...judged.flatMap(({ report: { file }, remark }) => (remark === null ? [] : [`${file}: ${remark}.`])),
    ...judged.flatMap(({ report: { file }, corrected }) =>
      corrected === null ? [] : [`${file}: --correct prints a policy that mends ${corrected.mended.join(", ")}.`],
    ),
  ];
  return lines.length === 0 ? "" : `\n${lines.map(visible).join("\n")}\n`;
}

function isDocument({ type, error }: FileReport): boolean {
  return error === null && type !== "snapshot";
}

/** The corrected document on stdout, and what it mends and leaves on stderr; the exit code is that of the file as it is. */
async function correct(file: string, context: FileContext, failOn: FailOn): Promise<void> {
  const { report, corrected } = await judgeFile(file, context);
  if (corrected !== null) process.stdout.write(`${corrected.content}\n`);
  const failing = report.outcomes.filter(({ outcome }) => outcome === "fail").map(({ check }) => check);
  const left = failing.filter((check) => corrected?.mended.includes(check) !== true);
  const told = [
    ...(report.error === null ? [] : [`${file}: cannot be judged: ${report.error}`]),
    ...(corrected === null ? [] : [`mended: ${corrected.mended.join(", ")}`]),
    ...(left.length === 0 ? [] : [`no correction is offered for ${left.join(", ")}`]),
    ...(report.error === null && failing.length === 0 ? ["nothing fails, so nothing is printed"] : []),
  ];
  process.stderr.write(told.map((line) => `${visible(line)}\n`).join(""));
  process.exitCode = exitCodeOf([report], failOn);
}

function contextOf(options: LintOptions): FileContext {
  const { account, resource, compartment, organization, expectPrincipal, set, guidance, type } = options;
  if (account !== undefined && resource !== undefined && account !== resource.account) {
    throw new OperatorError("usage", `--account is ${account}, and the key of --resource is of ${resource.account}`);
  }
  return {
    type: type ?? null,
    guidance: guidance ?? null,
    settings: standardSettings(),
    origin: { account: account ?? resource?.account ?? null, key: resource ?? null },
    registration: toRegistration(
      { ...set, compartments: [...(compartment ?? [])], expected_principals: [...(expectPrincipal ?? [])] },
      organization ?? [],
    ),
    now: Date.now(),
  };
}

/** Documents are judged by the same settings on every machine, whatever configuration lies there. */
export function standardSettings(): CheckSettings {
  const parsed = parseConfig("", { file: "the defaults", env: {}, knownCalls: [] });
  if (!parsed.ok) throw new Error("the defaults of the configuration have mistakes");
  return checkSettings(parsed.config);
}
