/**
 * SARIF 2.1.0, for what reads the results of analysers:
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
 */
import type { CheckCard } from "../model/check-card.ts";
import type { OutcomeName, Severity } from "../model/outcome.ts";
import { controlName } from "./control-name.ts";
import { evidenceDigest } from "./evidence-digest.ts";
import type { ExportContext, ExportedFinding, FindingBody, Portions } from "./exported-finding.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** One run. Its rules are those that its results name, so they come after them: JSON has no order of fields. */
export async function* writeSarif(portions: Portions, context: ExportContext): AsyncGenerator<string, void, undefined> {
  const rules = new Rules();
  yield `{"$schema":${JSON.stringify(schema)},"version":"2.1.0","runs":[{"results":[`;
  let between = "\n";
  for await (const findings of portions) {
    if (findings.length === 0) continue;
    yield between + findings.map((finding) => JSON.stringify(resultOf(finding, rules))).join(",\n");
    between = ",\n";
  }
  const { version, as_of } = context;
  const driver = { name: "Keyposture", version, semanticVersion: version, rules: rules.all };
  const run = { tool: { driver }, properties: { as_of: new Date(as_of).toISOString() } };
  // Goes on within the run.
  yield `\n],${JSON.stringify(run).slice(1)}]}\n`;
}

class Rules {
  readonly #places = new Map<string, number>();
  readonly all: object[] = [];

  /** The place of a finding's rule in the list. */
  placeOf({ body, card }: ExportedFinding): number {
    const known = this.#places.get(body.check);
    if (known !== undefined) return known;
    this.#places.set(body.check, this.all.length);
    return this.all.push(card === null ? { id: body.check } : ruleOf(card)) - 1;
  }
}

/** As GitHub reads them: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning */
const securitySeverities = {
  critical: "9.0",
  high: "7.0",
  medium: "4.0",
  low: "2.0",
} as const satisfies Record<Severity, string>;

const levels = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
} as const satisfies Record<Severity, string>;

function ruleOf({ id, title, why, remediation, severity, references, controls }: CheckCard): object {
  const [helpUri] = references;
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: [remediation, ...references].join("\n") },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: levels[severity] },
    properties: {
      "security-severity": securitySeverities[severity],
      tags: [...new Set(["security", ...controls.map(controlName)])],
    },
  };
}

const kinds = {
  pass: "pass",
  fail: "fail",
  unknown: "open",
  "not-applicable": "notApplicable",
  error: "open",
} as const satisfies Record<OutcomeName, string>;

function resultOf(finding: ExportedFinding, rules: Rules): object {
  const { body, key } = finding;
  const verdict = verdictOf(body);
  const kind = kindOf(body, verdict);
  const name = body.key === null ? {} : { name: body.key };
  return {
    ruleId: body.check,
    ruleIndex: rules.placeOf(finding),
    kind,
    // Any other level would say that something fails.
    level: kind === "fail" ? levels[verdict.severity] : "none",
    message: { text: verdict.messages.join("; ") },
    locations: [{ logicalLocations: [{ ...name, fullyQualifiedName: body.resource.name, kind: "resource" }] }],
    partialFingerprints: { "findingId/v1": body.id },
    // Of every result, where any has them: its absence says that nobody knows.
    suppressions: body.status === "accepted" ? [{ kind: "external", status: "accepted" }] : [],
    properties: {
      status: body.status,
      outcome: body.outcome,
      severity: body.severity,
      since: body.since,
      guidance: body.guidance,
      catalogue: body.catalogue,
      caused_by: body.caused_by,
      evidence_sha256: evidenceDigest(body.evidence),
      provider: body.provider,
      ...key,
    },
  };
}

/** What failed last on a key that nobody watches any more is told, and is no problem to mend. */
function kindOf({ status }: FindingBody, { outcome }: Verdict): string {
  const kind = kinds[outcome];
  return status === "retired" && (kind === "fail" || kind === "open") ? "informational" : kind;
}
