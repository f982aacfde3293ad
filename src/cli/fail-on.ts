import { Option } from "commander";
import { type Severity, severities } from "../model/outcome.ts";

export type FailOn = Severity | "none";

export function failOnOption(): Option {
  return new Option("--fail-on <severity>", "exit with 1 for findings at or above this")
    .choices([...severities, "none"] satisfies FailOn[])
    .default("high");
}

/** Whether a finding of that severity is one to exit with 1 for. */
export function isAtOrAbove(severity: Severity, failOn: FailOn): boolean {
  return failOn !== "none" && severities.indexOf(severity) <= severities.indexOf(failOn);
}

/** For the help of the commands that judge. */
export const exitCodeHelp =
  "\nExit codes: 2 wrong use or bad input, else 1 findings, else 3 some key could not be judged, else 0.";
