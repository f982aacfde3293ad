/** Comma-separated values for spreadsheets and samples of auditors: https://www.rfc-editor.org/rfc/rfc4180 */
import { evidenceDigest } from "./evidence-digest.ts";
import type { ExportContext, ExportedFinding, Portions } from "./exported-finding.ts";

type Cell = string | null;

/** Public contract: the names and their order. Columns are added at the end. */
const columns = {
  id: ({ body }) => body.id,
  check: ({ body }) => body.check,
  title: ({ body }) => body.title,
  provider: ({ body }) => body.provider,
  account: ({ key }) => key?.account ?? null,
  location: ({ key }) => key?.location ?? null,
  key: ({ body }) => body.key,
  resource_kind: ({ body }) => body.resource.kind,
  resource: ({ body }) => body.resource.name,
  labels: ({ key }) => (key === null ? null : labelsOf(key.labels)),
  status: ({ body }) => body.status,
  outcome: ({ body }) => body.outcome,
  severity: ({ body }) => body.severity,
  message: ({ body }) => body.message,
  evidence_sha256: ({ body }) => evidenceDigest(body.evidence),
  caused_by: ({ body }) => body.caused_by.join(" "),
  guidance: ({ body }) => body.guidance,
  catalogue: ({ body }) => body.catalogue,
  since: ({ body }) => body.since,
  opened_at: ({ body }) => body.opened_at,
  resolved_at: ({ body }) => body.resolved_at,
  decided_outcome: ({ body }) => body.last_decided?.outcome ?? null,
  decided_severity: ({ body }) => body.last_decided?.severity ?? null,
  decided_message: ({ body }) => body.last_decided?.message ?? null,
  decided_guidance: ({ body }) => body.last_decided?.guidance ?? null,
  decided_since: ({ body }) => body.last_decided?.since ?? null,
  decided_until: ({ body }) => body.last_decided?.until ?? null,
  as_of: (_, { as_of }) => new Date(as_of).toISOString(),
} as const satisfies Readonly<Record<string, (finding: ExportedFinding, context: ExportContext) => Cell>>;

const cellsOf: readonly ((finding: ExportedFinding, context: ExportContext) => Cell)[] = Object.values(columns);

export async function* writeCsv(portions: Portions, context: ExportContext): AsyncGenerator<string, void, undefined> {
  yield csvRow(Object.keys(columns));
  for await (const findings of portions) {
    yield findings.map((finding) => csvRow(cellsOf.map((cellOf) => cellOf(finding, context)))).join("");
  }
}

/** One line with its end. Null is an empty cell. */
export function csvRow(cells: readonly Cell[]): string {
  return `${cells.map((cell) => quoted(guarded((cell ?? "").toWellFormed()))).join(",")}\r\n`;
}

/** `name=value` pairs as in a selector; a value with a space or a comma is still one value of its own cell. */
function labelsOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join(",");
}

/**
 * A spreadsheet takes what begins like this for a formula and runs it:
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
function guarded(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
