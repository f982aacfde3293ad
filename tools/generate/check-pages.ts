import { sourcesOf } from "../../src/access/registry.ts";
import type { Check } from "../../src/check/define-check.ts";
import { scopeReads } from "../../src/check/scope-reads.ts";
import { callTables } from "../../src/collect/call-tables.ts";
import type { CallTable } from "../../src/model/call.ts";
import type { Conflict, Control } from "../../src/model/check-card.ts";
import type { Provider, ResourceKind } from "../../src/model/resource.ts";
import { type GeneratedFile, pageNote } from "./generated-file.ts";
import type { LoadedCheck } from "./load-checks.ts";
import { code, page, table } from "./markdown.ts";

/** The table of all checks. */
export function catalogueTable(checks: readonly LoadedCheck[]): GeneratedFile {
  const rows = checks.map(({ check }) => [`[${check.id}](../docs/checks/${check.id}.md)`, check.severity, check.title]);
  return {
    path: "checks/README.md",
    text: page(
      pageNote("the files beside it"),
      "# Checks",
      `${checks.length} checks, one file each; the id is the path. How to add one: [CONTRIBUTING.md](../CONTRIBUTING.md).`,
      table(["Id", "Severity", "Passes when"], rows),
    ),
  };
}

/** What a reader of a finding wants to know about its check. */
export function checkPage({ check, path, provider }: LoadedCheck): GeneratedFile {
  return {
    path: `docs/checks/${check.id}.md`,
    text: page(
      pageNote(path),
      `# ${check.title}`,
      table(
        ["", ""],
        [
          ["Id", code(check.id)],
          ["Severity", check.severity],
          ["Applies to", code(check.resource)],
        ],
      ),
      "## Why it matters",
      check.why,
      "## How to fix it",
      check.remediation,
      "## What it reads",
      factTable(check, provider),
      "## References",
      check.references.map((reference) => `- <${reference}>`).join("\n"),
      ...controls(check.controls),
      ...conflicts(check.conflicts ?? []),
    ),
  };
}

function factTable(check: Check, provider: Provider): string {
  const needed = [...new Set([...scopeReads(check.scope), ...check.reads])];
  const passOnly = check.passNeeds.filter((fact) => !needed.includes(fact));
  const alsoRead = check.mayRead.filter((fact) => !needed.includes(fact));
  const rows = [
    ...needed.map((fact) => factRow(check.resource, fact, provider, "unknown")),
    ...passOnly.map((fact) => factRow(check.resource, fact, provider, "a fail stands, a pass is unknown")),
    ...alsoRead.map((fact) => factRow(check.resource, fact, provider, "unknown where it would decide")),
  ];
  return table(["Fact", "Told by", "Permission", "Without it"], rows);
}

function factRow(resource: ResourceKind, fact: string, provider: Provider, without: string): readonly string[] {
  const sources = sourcesOf(resource, fact);
  if (sources.includes("registration")) return [code(fact), "what is registered for the key", "", ""];
  const callTable: CallTable = callTables[provider];
  const calls = Object.entries(callTable).filter(([, { facts, leads_to = [] }]) =>
    [...facts, ...leads_to].some((told) => sources.includes(told)),
  );
  const permissions = new Set(calls.map(([, { permission }]) => permission));
  return [
    code(fact),
    calls.length === 0 ? "no call of this version" : calls.map(([call]) => code(call)).join(", "),
    [...permissions].map(code).join(", "),
    without,
  ];
}

function controls(list: readonly Control[]): readonly string[] {
  if (list.length === 0) return [];
  const basis = { seen: "published mapping", judgement: "our judgement" } as const;
  return [
    "## Controls",
    table(
      ["Framework", "Version", "Control", "Basis"],
      list.map((control) => [control.framework, control.version, control.id, basis[control.basis]]),
    ),
  ];
}

function conflicts(list: readonly Conflict[]): readonly string[] {
  if (list.length === 0) return [];
  return [
    "## Where a benchmark asks for the opposite",
    ...list.map(
      ({ framework, version, id, reason, compensating }) =>
        `**${framework} ${version}, ${id}**: ${reason} What stands in its place:\n\n${compensating.map((one) => `- ${one}`).join("\n")}`,
    ),
  ];
}
