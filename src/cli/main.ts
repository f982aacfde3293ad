#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { withoutTokens } from "../model/token.ts";
import { addChecksCommand } from "./checks.ts";
import { addCollectCommand } from "./collect.ts";
import { addDemoCommand } from "./demo.ts";
import { addEvaluateCommand } from "./evaluate.ts";
import { report } from "./failure.ts";
import { addHealthcheckCommand } from "./healthcheck.ts";
import { addLintCommand } from "./lint.ts";
import { addMigrateCommand } from "./migrate.ts";
import { quietWarnings } from "./quiet-warnings.ts";
import { addScanCommand } from "./scan.ts";
import { addServeCommand } from "./serve.ts";
import { outliveReaders } from "./standard-output.ts";
import { addTokenCommand } from "./token.ts";
import { version } from "./version.ts";

const program = new Command("keyposture")
  .description("Watches the encryption keys that an organization has handed to Anthropic.")
  .version(version)
  .showHelpAfterError("(run with --help for what there is)")
  .configureOutput({ writeErr: (text) => process.stderr.write(withoutTokens(text)) })
  .exitOverride();

const commands = [
  addServeCommand,
  addScanCommand,
  addLintCommand,
  addCollectCommand,
  addEvaluateCommand,
  addChecksCommand,
  addMigrateCommand,
  addTokenCommand,
  addHealthcheckCommand,
  addDemoCommand,
];
for (const add of commands) add(program);

quietWarnings();
outliveReaders();
// Node would end with 1, which says that there are findings.
process.on("uncaughtException", (error) => process.exit(report(error)));

try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its message; --help and --version end with 0, wrong use with 2.
  process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : report(error);
}
