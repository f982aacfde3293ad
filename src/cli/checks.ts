import type { Command } from "commander";
import { catalogue } from "../../checks/index.ts";
import { nearestName } from "../config/nearest-name.ts";
import { OperatorError } from "../errors/operator-error.ts";
import { describeCheck } from "./describe-check.ts";
import { formatTable } from "./format-table.ts";

/** `keyposture checks [ID]` */
export function addChecksCommand(program: Command): void {
  program
    .command("checks")
    .description("list the checks, or tell everything about one")
    .argument("[id]", "a check's id, e.g. aws/key-enabled")
    .action((id: string | undefined) => {
      process.stdout.write(id === undefined ? list() : tell(id));
    });
}

function list(): string {
  return formatTable(
    ["CHECK", "SEVERITY", "TITLE"],
    catalogue.map(({ id, severity, title }) => [id, severity, title]),
  );
}

function tell(id: string): string {
  const check = catalogue.find((one) => one.id === id);
  if (check === undefined) {
    const ids = catalogue.map((one) => one.id);
    const near = nearestName(id, ids);
    throw new OperatorError("usage", `there is no check ${id}${near === undefined ? "" : `; did you mean ${near}?`}`);
  }
  const {
    title,
    severity,
    resource,
    why,
    remediation,
    references,
    reads,
    passNeeds,
    mayRead,
    calls,
    conflicts = [],
  } = describeCheck(check);
  return [
    `${id}: ${title}`,
    `${severity}, of ${resource}`,
    "",
    why,
    "",
    `What to do: ${remediation}`,
    "",
    `Facts: ${[...new Set([...reads, ...passNeeds, ...mayRead])].join(", ")}`,
    `Permissions: ${[...new Set(calls.map(({ permission }) => permission))].join(", ")}`,
    ...conflicts.map(
      ({ framework, version, id: control, reason, compensating }) =>
        `${framework} ${version}, ${control} asks for the opposite: ${reason} In its place: ${compensating.join("; ")}`,
    ),
    ...references,
    "",
  ].join("\n");
}
