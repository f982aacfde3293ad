import type { z } from "zod";
import { findingStatuses } from "../../model/finding.ts";
import { outcomes, severities } from "../../model/outcome.ts";
import type { HttpServer } from "../http-server.ts";
import { createMissing, type Missing } from "../missing.ts";
import type { ApiPorts, FindingCount, StorePort } from "../ports.ts";
import { answers, json } from "../schemas/answer.ts";
import { noQuery } from "../schemas/query.ts";
import { summarySchema } from "../schemas/summary.ts";
import { time } from "../schemas/time.ts";
import type { Standings } from "../standings.ts";

export function summaryRoutes(app: HttpServer, ports: ApiPorts, standings: Standings): void {
  const { store, switchedOff, scoreOf, now } = ports;
  const aboutKeys = rememberedByChange(store, standings);
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
    const moment = now();
    const { keys, unknown } = await aboutKeys();
    const counts = await store.findingCounts();
    const lastScans = await store.lastScans();
    return {
      as_of: time(moment),
      keys,
      ...scoreOf(counts.filter(({ status }) => status !== "retired")),
      findings: countsOf(counts),
      unknown,
      switched_off: switchedOff.map(({ read, description }) => ({ read, description })),
      last_scans: lastScans.map((scan) => ({ ...scan, finished_at: time(scan.finished_at) })),
    };
  });
}

/** What follows from how every key stands: worked out once for each change. */
function rememberedByChange(store: StorePort, standings: Standings) {
  const missingOf = createMissing(store);
  let remembered: { readonly changeSeq: number; readonly about: AboutKeys } | undefined;
  return async (): Promise<AboutKeys> => {
    const { changeSeq, keys } = await standings.newest();
    if (remembered?.changeSeq === changeSeq) return remembered.about;
    const blind = [...keys].flatMap(([name, { judged }]) => (judged ? [] : [name]));
    const watched = keys.size;
    const missing = await missingOf(keys.values());
    const about = { keys: { watched, blind: blind.toSorted() }, unknown: missing.map(missingBody) };
    remembered = { changeSeq, about };
    return about;
  };
}

type AboutKeys = Pick<z.output<typeof summarySchema>, "keys" | "unknown">;

function missingBody({ facts, checks, ...rest }: Missing) {
  return { ...rest, facts: [...facts], checks: [...checks] };
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
