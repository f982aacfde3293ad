/** What a scan found, for people and for programs. */
import { scoreOf } from "../check/score.ts";
import { allCalls } from "../collect/registry.ts";
import type { Finding } from "../model/finding.ts";
import { isDecided, severities } from "../model/outcome.ts";
import type { RefusedCall, Scan } from "../model/scan.ts";
import type { Score } from "../model/score.ts";
import type { StoreReader } from "../store/store.ts";
import { type FailOn, isAtOrAbove } from "./fail-on.ts";
import { formatTable } from "./format-table.ts";
import { outcomeCounts } from "./outcome-counts.ts";
import { groupUnknowns } from "./unknown-groups.ts";

/** More than any key has. */
const checksOfAKey = 1000;

export interface ScanReport {
  readonly keys: readonly KeyReport[];
  readonly scopes: readonly ScopeReport[];
}

export interface KeyReport {
  readonly name: string;
  readonly resource: string;
  readonly findings: readonly Finding[];
}

export interface ScopeReport {
  readonly scope: string;
  /** Why nothing was read: another process was at it, or the scan could not be kept. */
  readonly skipped: boolean;
  readonly failed_keys: number;
  readonly refused: readonly RefusedCall[];
}

/** What a scan of a scope could not read; undefined for a scan that was not made, or not kept. */
export function scopeReport(scope: string, scan: Scan | undefined): ScopeReport {
  return { scope, skipped: scan === undefined, failed_keys: scan?.failed_keys ?? 0, refused: scan?.refused ?? [] };
}

/** The findings of these keys as they stand after the scans. */
export async function readReport(options: {
  readonly read: StoreReader;
  readonly keys: readonly string[];
  readonly begun: readonly { readonly scope: string }[];
  readonly scans: readonly (Scan | undefined)[];
}): Promise<ScanReport> {
  const { read, begun, scans } = options;
  const scopes = begun.map(({ scope }, index) => scopeReport(scope, scans[index]));
  const keys = await Promise.all(
    options.keys.map(async (name): Promise<KeyReport> => {
      const key = await read.key(name);
      const page = await read.findings({ filters: { key: [name] }, limit: checksOfAKey });
      return { name, resource: key?.resource ?? "", findings: page.findings };
    }),
  );
  return { keys, scopes };
}

/** 1: a finding at or above `failOn`; else 3: something could not be judged; else 0. */
export function exitCodeOf({ keys, scopes }: ScanReport, failOn: FailOn): number {
  const findings = keys.flatMap((key) => key.findings);
  const bad = findings.some(({ status, latest, last_decided }) => {
    const decided = last_decided ?? latest;
    return status === "open" && isAtOrAbove(decided.severity, failOn);
  });
  if (bad) return 1;
  const undecided = findings.some(({ latest }) => !isDecided(latest.outcome));
  const broken = scopes.some(({ skipped, failed_keys }) => skipped || failed_keys > 0);
  return undecided || broken || keys.some((key) => key.findings.length === 0) ? 3 : 0;
}

function table({ keys, scopes }: ScanReport): string {
  const rows = [...failing(keys), ...blind(keys)];
  const parts = [
    formatTable(
      ["KEY", "SCORE", "STATE OF ITS CHECKS"],
      keys.map((key) => [
        key.name,
        `${scoreOfKey(key).score ?? "-"}`,
        outcomeCounts(key.findings.map(({ latest }) => latest)) || "not judged",
      ]),
    ),
    rows.length === 0 ? "" : formatTable(["KEY", "SEVERITY", "OUTCOME", "CHECK", "WHAT"], rows),
    aboutScopes({ scopes }),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

/** What fails, and what was failing when it was last judged; worst first. */
function failing(keys: readonly KeyReport[]): string[][] {
  return keys
    .flatMap(({ name, findings }) => findings.map((finding) => ({ name, finding })))
    .filter(({ finding: { status } }) => status === "open")
    .toSorted((a, b) => rank(a.finding) - rank(b.finding) || a.name.localeCompare(b.name))
    .map(({ name, finding: { latest, check } }) => [name, latest.severity, latest.outcome, check, latest.message]);
}

/** What decides nothing, by what is missing. */
function blind(keys: readonly KeyReport[]): string[][] {
  return keys.flatMap(({ name, findings }) => {
    const undecided = findings
      .filter(({ latest, status }) => !isDecided(latest.outcome) && status !== "open")
      .toSorted((a, b) => rank(a) - rank(b));
    return groupUnknowns(undecided).map(({ lacks, findings: [worst, ...others] }) => {
      const { severity, outcome, message } = worst.latest;
      if (others.length === 0) return [name, severity, outcome, worst.check, message];
      const checks = [worst, ...others].map(({ check }) => check).join(", ");
      return [name, severity, outcome, `${others.length + 1} checks`, `cannot be judged without ${lacks}: ${checks}`];
    });
  });
}

function rank({ latest }: Finding): number {
  return severities.indexOf(latest.severity);
}

function scoreOfKey({ findings }: KeyReport): Score {
  return scoreOf(findings.map(({ status, latest: { outcome, severity } }) => ({ status, outcome, severity })));
}

/** What was not read, and what that needs: a line for each; empty where nothing is missing. */
export function aboutScopes({ scopes }: Pick<ScanReport, "scopes">): string {
  return scopes.map(aboutScope).join("");
}

function aboutScope({ scope, skipped, failed_keys, refused }: ScopeReport): string {
  const lines = [
    ...(skipped ? [`${scope}: not scanned; another process holds it, or the scan could not be kept`] : []),
    ...(failed_keys > 0
      ? [`${scope}: the scan of ${failed_keys} keys broke on a fault of keyposture; see the log`]
      : []),
    ...refused.map((one) => `${scope}: ${aboutRefusal(one)}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function aboutRefusal({ call, permission, reason, subjects, detail }: RefusedCall): string {
  // No call but the credentials behind all: the detail says what is wrong.
  if (!Object.hasOwn(allCalls, call)) return `${detail} (${subjects}x)`;
  const needs = reason === "access-denied" && permission !== null ? `; it needs the permission ${permission}` : "";
  return `${call} ${reason} (${subjects}x)${needs}: ${detail}`;
}

function json({ keys, scopes }: ScanReport): string {
  const findings = keys.map((key) => ({
    key: key.name,
    resource: key.resource,
    ...scoreOfKey(key),
    findings: key.findings.map(({ id, check, status, latest }) => ({
      id,
      check,
      status,
      outcome: latest.outcome,
      severity: latest.severity,
      message: latest.message,
      evidence: latest.evidence,
      guidance: latest.guidance,
      since: new Date(latest.since).toISOString(),
    })),
  }));
  return `${JSON.stringify({ keys: findings, scopes }, null, 2)}\n`;
}

export const formats = { table, json } satisfies Record<string, (report: ScanReport) => string>;
export type ReportFormat = keyof typeof formats;
