/** Compliance Findings of the Open Cybersecurity Schema Framework: https://schema.ocsf.io/1.8.0/classes/compliance_finding?profiles=cloud,datetime */
import type { FindingStatus } from "../model/finding.ts";
import type { OutcomeName, Severity } from "../model/outcome.ts";
import { controlName, frameworkName } from "./control-name.ts";
import { evidenceDigest } from "./evidence-digest.ts";
import type { ExportContext, ExportedFinding, FindingBody, Portions } from "./exported-finding.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

const schemaVersion = "1.8.0";
const category = { category_uid: 2, category_name: "Findings" } as const;
const complianceFinding = { class_uid: 2003, class_name: "Compliance Finding" } as const;
const sha256 = { algorithm_id: 3, algorithm: "SHA-256" } as const;

/** One JSON array. */
export async function* writeOcsf(portions: Portions, context: ExportContext): AsyncGenerator<string, void, undefined> {
  let between = "[\n";
  for await (const findings of portions) {
    if (findings.length === 0) continue;
    yield between + findings.map((finding) => JSON.stringify(eventOf(finding, context))).join(",\n");
    between = ",\n";
  }
  yield between === "[\n" ? "[]\n" : "\n]\n";
}

const severities = {
  critical: { severity_id: 5, severity: "Critical" },
  high: { severity_id: 4, severity: "High" },
  medium: { severity_id: 3, severity: "Medium" },
  low: { severity_id: 2, severity: "Low" },
} as const satisfies Record<Severity, object>;
const informational = { severity_id: 1, severity: "Informational" } as const;

/** The framework has no word for what never failed: its own goes with 99. */
const statuses = {
  open: { status_id: 1, status: "New" },
  accepted: { status_id: 3, status: "Suppressed" },
  resolved: { status_id: 4, status: "Resolved" },
  retired: { status_id: 5, status: "Archived" },
  none: { status_id: 99, status: "none" },
} as const satisfies Record<FindingStatus, object>;

/** A warning says that information is missing. */
const conclusions = {
  pass: { status_id: 1, status: "Pass" },
  unknown: { status_id: 2, status: "Warning" },
  error: { status_id: 2, status: "Warning" },
  fail: { status_id: 3, status: "Fail" },
  "not-applicable": { status_id: 99, status: "not-applicable" },
} as const satisfies Record<OutcomeName, object>;

function eventOf({ body, card, key }: ExportedFinding, { version, as_of }: ExportContext): object {
  const verdict = verdictOf(body);
  const activity = activityOf(body);
  const product = { name: "Keyposture", vendor_name: "Keyposture", version };
  const account = key === null ? {} : { account: { uid: key.account } };
  const region = key === null || key.location === null ? {} : { region: key.location };
  return {
    ...activity,
    ...category,
    ...complianceFinding,
    type_uid: complianceFinding.class_uid * 100 + activity.activity_id,
    type_name: `${complianceFinding.class_name}: ${activity.activity_name}`,
    // What is fine is not as bad as the check is important.
    ...(isFine(verdict) ? informational : severities[verdict.severity]),
    ...statuses[body.status],
    ...moment("time", body.since),
    message: verdict.messages.join("; "),
    metadata: { version: schemaVersion, product, profiles: ["cloud", "datetime"], event_code: body.check },
    cloud: { provider: body.provider, ...account, ...region },
    finding_info: {
      uid: body.id,
      title: body.title ?? body.check,
      desc: verdict.messages.join("; "),
      ...moment("modified_time", body.since),
      ...moment("first_seen_time", body.opened_at),
      ...moment("last_seen_time", lastSeen(body, as_of)),
    },
    compliance: complianceOf({ body, card, key }, verdict),
    resources: [resourceOf({ body, card, key }, region)],
    evidences: [{ data: body.evidence }],
    raw_data_hash: { ...sha256, value: evidenceDigest(body.evidence) },
    ...(card === null ? {} : { remediation: { desc: card.remediation, references: card.references } }),
    unmapped: {
      outcome: body.outcome,
      status: body.status,
      caused_by: body.caused_by,
      guidance: body.guidance,
      catalogue: body.catalogue,
    },
  };
}

interface Activity {
  readonly activity_id: number;
  readonly activity_name: string;
}

/** What happened to the finding when it became what it is. */
function activityOf({ status, since, opened_at }: FindingBody): Activity {
  if (status === "resolved" || status === "retired") return { activity_id: 3, activity_name: "Close" };
  const isNew = opened_at === null || opened_at === since;
  return isNew ? { activity_id: 1, activity_name: "Create" } : { activity_id: 2, activity_name: "Update" };
}

function isFine({ outcome }: Verdict): boolean {
  return outcome === "pass" || outcome === "not-applicable";
}

/** Until when the failure was seen: up to the moment of the export, to its end, or to where sight was lost. */
function lastSeen({ status, outcome, last_decided, opened_at, resolved_at }: FindingBody, asOf: number): string | null {
  if (opened_at === null) return null;
  if (status === "resolved") return resolved_at;
  if (status === "retired") return null;
  return outcome === "fail" ? new Date(asOf).toISOString() : (last_decided?.until ?? null);
}

function complianceOf({ body, card }: ExportedFinding, { outcome, severity, messages }: Verdict): object {
  const standards = [...new Set(card?.controls.map(frameworkName))];
  const conclusion = conclusions[outcome];
  const check = {
    uid: body.check,
    name: body.title ?? body.check,
    ...(card === null ? {} : { desc: card.why }),
    version: body.catalogue,
    ...severities[severity],
    ...conclusion,
    standards,
  };
  return {
    control: body.check,
    ...(card === null ? {} : { desc: card.title }),
    ...conclusion,
    status_details: messages,
    standards,
    requirements: card?.controls.map(controlName) ?? [],
    checks: [check],
  };
}

function resourceOf({ body, key }: ExportedFinding, region: object): object {
  const name = body.key === null ? {} : { name: body.key };
  const tags = Object.entries(key?.labels ?? {}).map(([label, value]) => ({ name: label, value }));
  return { uid: body.resource.name, ...name, type: body.resource.kind, ...region, tags };
}

/** A time as the framework's number, in milliseconds, and, of its datetime profile, as text. */
function moment(name: string, at: string | null): Readonly<Record<string, number | string>> {
  return at === null ? {} : { [name]: Date.parse(at), [`${name}_dt`]: at };
}
