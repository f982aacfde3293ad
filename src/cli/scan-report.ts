/** What a scan found, for people and for programs. */
import { setImmediate as otherWork } from "node:timers/promises";
import { scoreOf } from "../check/score.ts";
import { allCalls } from "../collect/call-tables.ts";
import type { Finding } from "../model/finding.ts";
import { isDecided, severities } from "../model/outcome.ts";
import type { RefusedCall, Scan } from "../model/scan.ts";
import type { Score } from "../model/score.ts";
import type { StoreReader } from "../store/store.ts";
import { type FailOn, isAtOrAbove } from "./fail-on.ts";
import { formatRows, widthsOf } from "./format-table.ts";
import { outcomeCounts } from "./outcome-counts.ts";
import { groupUnknowns } from "./unknown-groups.ts";
import { visible } from "./visible-text.ts";

/** More than any key has. */
const checksOfAKey = 1000;
/** How many keys, or lines about them, are told of before others have their turn. */
const portion = 50;

/** What a scan found, portion by portion: of very many keys, not all is kept at the same time. */
export interface ScanReport {
  /** All that are told of. */
  readonly names: readonly string[];
  readonly keys: KeyPortions;
  readonly scopes: readonly ScopeReport[];
}

export type KeyPortions = AsyncIterable<readonly KeyReport[]> | Iterable<readonly KeyReport[]>;

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

/** The findings of these keys as they stand after the scans, read while they are asked for. */
export function readReport(options: {
  readonly read: Pick<StoreReader, "keysInPortions" | "findings">;
  readonly keys: readonly string[];
  readonly begun: readonly { readonly scope: string }[];
  readonly scans: readonly (Scan | undefined)[];
}): ScanReport {
  const { read, keys, begun, scans } = options;
  const scopes = begun.map(({ scope }, index) => scopeReport(scope, scans[index]));
  return { names: keys, keys: readKeys(read, keys), scopes };
}

async function* readKeys(
  read: Pick<StoreReader, "keysInPortions" | "findings">,
  names: readonly string[],
): AsyncGenerator<readonly KeyReport[], void, undefined> {
  const resources = new Map<string, string>();
  for await (const keys of read.keysInPortions()) for (const { name, resource } of keys) resources.set(name, resource);
  for (const some of inPortions(names)) {
    const page = await read.findings({ filters: { key: some }, limit: checksOfAKey * some.length });
    const findings = Map.groupBy(page.findings, ({ key }) => key);
    yield some.map((name) => ({ name, resource: resources.get(name) ?? "", findings: findings.get(name) ?? [] }));
    await otherWork();
  }
}

function* inPortions<T>(all: readonly T[]): Generator<readonly T[], void, undefined> {
  for (let first = 0; first < all.length; first += portion) yield all.slice(first, first + portion);
}

/** 1: a finding at or above `failOn`; else 3: something could not be judged; else 0. */
export function exitCodeOf(
  { keys, scopes }: { readonly keys: readonly KeyReport[]; readonly scopes: readonly ScopeReport[] },
  failOn: FailOn,
): ExitCode {
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

export type ExitCode = 0 | 1 | 3;

/** The same report, and the exit code that follows from all of it that was taken. */
export function withExitCode(report: ScanReport, failOn: FailOn): { report: ScanReport; exitCode: () => ExitCode } {
  const { scopes } = report;
  const codes = new Set([exitCodeOf({ keys: [], scopes }, failOn)]);
  async function* watched() {
    for await (const keys of report.keys) {
      codes.add(exitCodeOf({ keys, scopes: [] }, failOn));
      yield keys;
    }
  }
  return {
    report: { ...report, keys: watched() },
    exitCode: () => ([1, 3] as const).find((code) => codes.has(code)) ?? 0,
  };
}

const keyHeader = ["KEY", "SCORE", "STATE OF ITS CHECKS"];
const findingHeader = ["KEY", "SEVERITY", "OUTCOME", "CHECK", "WHAT"];

/** The keys as they come; then, as the worst comes first, what is wrong with any of them. */
async function* table({ names, keys, scopes }: ScanReport): AsyncGenerator<string, void, undefined> {
  // No score is wider than its header.
  const widths = widthsOf([keyHeader, ...names.map((name) => [name])]);
  const open: OpenRow[] = [];
  const blind: string[][] = [];
  yield formatRows([keyHeader], widths);
  for await (const some of keys) {
    yield formatRows(some.map(keyRow), widths);
    for (const key of some) {
      for (const row of openRows(key)) open.push(row);
      for (const row of blindRows(key)) blind.push(row);
    }
  }
  const rows = [...worstFirst(open), ...blind];
  if (rows.length > 0) {
    const ofFindings = widthsOf([findingHeader, ...rows]);
    yield `\n${formatRows([findingHeader], ofFindings)}`;
    for (const some of inPortions(rows)) yield formatRows(some, ofFindings);
  }
  const refused = aboutScopes({ scopes });
  if (refused !== "") yield `\n${refused}`;
}

function keyRow(key: KeyReport): readonly string[] {
  const state = outcomeCounts(key.findings.map(({ latest }) => latest)) || "not judged";
  return [key.name, `${scoreOfKey(key).score ?? "-"}`, state];
}

interface OpenRow {
  readonly rank: number;
  readonly row: readonly [name: string, ...string[]];
}

/** What fails, and what was failing when it was last judged. */
function openRows({ name, findings }: KeyReport): OpenRow[] {
  return findings
    .filter(({ status }) => status === "open")
    .map((finding) => {
      const { severity, outcome, message } = finding.latest;
      return { rank: rank(finding), row: [name, severity, outcome, finding.check, message] };
    });
}

function worstFirst(rows: readonly OpenRow[]): (readonly string[])[] {
  // As localeCompare does, which takes several times as long.
  const { compare } = new Intl.Collator();
  return rows.toSorted((a, b) => a.rank - b.rank || compare(a.row[0], b.row[0])).map(({ row }) => row);
}

/** What decides nothing, by what is missing. */
function blindRows({ name, findings }: KeyReport): string[][] {
  const unjudged = findings
    .filter(({ latest, status }) => !isDecided(latest.outcome) && status !== "open")
    .toSorted((a, b) => rank(a) - rank(b));
  return groupUnknowns(unjudged).map(({ lacks, findings: [worst, ...others] }) => {
    const { severity, outcome, message } = worst.latest;
    if (others.length === 0) return [name, severity, outcome, worst.check, message];
    const checks = [worst, ...others].map(({ check }) => check).join(", ");
    return [name, severity, outcome, `${others.length + 1} checks`, `cannot be judged without ${lacks}: ${checks}`];
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
  return lines.map((line) => `${visible(line)}\n`).join("");
}

function aboutRefusal({ call, permission, reason, subjects, detail }: RefusedCall): string {
  // No call but the credentials behind all: the detail says what is wrong.
  if (!Object.hasOwn(allCalls, call)) return `${detail} (${subjects}x)`;
  const needs = reason === "access-denied" && permission !== null ? `; it needs the permission ${permission}` : "";
  return `${call} ${reason} (${subjects}x)${needs}: ${detail}`;
}

async function* json({ keys, scopes }: ScanReport): AsyncGenerator<string, void, undefined> {
  let before = "";
  yield '{\n  "keys": [';
  for await (const some of keys) {
    for (const key of some) {
      yield `${before}\n    ${indented(keyBody(key), 4)}`;
      before = ",";
    }
  }
  const end = before === "" ? "]" : "\n  ]";
  yield `${end},\n  "scopes": ${indented(scopes, 2)}\n}\n`;
}

function indented(value: unknown, by: number): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", `\n${" ".repeat(by)}`);
}

function keyBody(key: KeyReport) {
  return {
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
  };
}

/** What is told, piece by piece, as it is read. */
export const formats = { table, json } satisfies Record<string, (report: ScanReport) => AsyncIterable<string>>;
export type ReportFormat = keyof typeof formats;
