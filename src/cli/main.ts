#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { withoutTokens } from "../model/token.ts";
import { report } from "./failure.ts";
import { quietWarnings } from "./quiet-warnings.ts";
import { outliveReaders } from "./standard-output.ts";
import { version } from "./version.ts";

const program = new Command("keyposture")
  .description("Watches the encryption keys that an organization has handed to Anthropic.")
  .version(version)
  .showHelpAfterError("(run with --help for what there is)")
  .configureOutput({ writeErr: (text) => process.stderr.write(withoutTokens(text)) })
  .exitOverride();

/** In the order of the help. Each comes with what it works with, and all of them together take a second to load. */
const commands = {
  serve: async () => (await import("./serve.ts")).addServeCommand,
  scan: async () => (await import("./scan.ts")).addScanCommand,
  lint: async () => (await import("./lint.ts")).addLintCommand,
  collect: async () => (await import("./collect.ts")).addCollectCommand,
  evaluate: async () => (await import("./evaluate.ts")).addEvaluateCommand,
  checks: async () => (await import("./checks.ts")).addChecksCommand,
  migrate: async () => (await import("./migrate.ts")).addMigrateCommand,
  token: async () => (await import("./token.ts")).addTokenCommand,
  healthcheck: async () => (await import("./healthcheck.ts")).addHealthcheckCommand,
  demo: async () => (await import("./demo.ts")).addDemoCommand,
};

quietWarnings();
outliveReaders();
// Node would end with 1, which says that there are findings.
process.on("uncaughtException", (error) => process.exit(report(error)));

try {
  for (const load of commandsFor(process.argv[2])) (await load())(program);
  await program.parseAsync();
} catch (error) {
  // Commander has printed its message; --help and --version end with 0, wrong use with 2.
  process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : report(error);
}

/** The one that was asked for; all of them for whoever asks what there is, or for something that there is not. */
function commandsFor(name = "") {
  return isCommand(name) ? [commands[name]] : Object.values(commands);
}

function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name);
}
