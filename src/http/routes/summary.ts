import { findingStatuses } from "../../model/finding.ts";
import type { FindingCursor } from "../../model/finding-query.ts";
import { isDecided, outcomes, severities } from "../../model/outcome.ts";
import type { HttpServer } from "../http-server.ts";
import { type Missing, MissingCalls } from "../missing.ts";
import type { ApiPorts, FindingCount, StorePort } from "../ports.ts";
import { rememberedByChange } from "../remembered-by-change.ts";
import { answers, json } from "../schemas/answer.ts";
import { noQuery } from "../schemas/query.ts";
import { summarySchema } from "../schemas/summary.ts";
import { time } from "../schemas/time.ts";

export function summaryRoutes(app: HttpServer, { store, switchedOff, scoreOf, now }: ApiPorts): void {
  const concluded = rememberedByChange(store, () => conclude(store, scoreOf));
  const schema = {
    tags: ["summary"],
    operationId: "getSummary",
    summary: "Get the state of everything",
    description:
      "How many keys and findings there are, which keys nothing is known about, what is missing to judge the others, and which reads are switched off.",
    querystring: noQuery,
    response: answers({ 200: json("The summary.", summarySchema) }),
  };
  app.get("/summary", { schema }, async () => {
    const lastScans = await store.lastScans();
    return {
      as_of: time(now()),
      ...(await concluded()),
      switched_off: switchedOff.map(({ read, description }) => ({ read, description })),
      last_scans: lastScans.map((scan) => ({ ...scan, finished_at: time(scan.finished_at) })),
    };
  });
}

async function conclude(store: StorePort, scoreOf: ApiPorts["scoreOf"]) {
  const keys = await store.keys();
  const scopes = new Map(keys.map(({ name, scope }) => [name, scope]));
  const judged = new Set<string>();
  const conclusions = await store.conclusions();
  for (const { key, outcome } of conclusions) if (isDecided(outcome)) judged.add(key);
  return {
    keys: {
      watched: keys.length,
      blind: [...scopes.keys()].filter((name) => !judged.has(name)),
    },
    ...scoreOf(conclusions),
    findings: countsOf(await store.findingCounts()),
    unknown: (await missingOf(store, scopes)).map(bodyOf),
  };
}

function countsOf(rows: readonly FindingCount[]) {
  const watched = rows.filter(({ status }) => status !== "retired");
  const open = rows.filter(({ status }) => status === "open");
  return {
    by_status: tally(findingStatuses, rows, ({ status }) => status),
    by_outcome: tally(outcomes, watched, ({ outcome }) => outcome),
    open_by_severity: tally(severities, open, ({ severity }) => severity),
  };
}

function tally<T extends string>(
  names: readonly T[],
  rows: readonly FindingCount[],
  nameOf: (row: FindingCount) => T,
): Record<T, number> {
  const sums = Object.fromEntries(names.map((name) => [name, 0])) as Record<T, number>;
  for (const row of rows) sums[nameOf(row)] += row.count;
  return sums;
}

const pageSize = 1000;

async function missingOf(store: StorePort, scopes: ReadonlyMap<string, string>): Promise<readonly Missing[]> {
  const missing = new MissingCalls();
  let after: FindingCursor | undefined;
  do {
    const page = await store.findings({
      filters: { outcome: ["unknown"], status: findingStatuses.filter((status) => status !== "retired") },
      sort: { by: "id", direction: "asc" },
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    for (const finding of page.findings) missing.add(finding, scopes.get(finding.key ?? "") ?? finding.resource.name);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return missing.list();
}

function bodyOf({ facts, checks, ...rest }: Missing) {
  return { ...rest, facts: [...facts], checks: [...checks] };
}
