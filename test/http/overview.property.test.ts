/** What the overview says after any history, against a plain computation over all findings. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { scoreOf } from "../../src/check/score.ts";
import type { Finding } from "../../src/model/finding.ts";
import { findingStatuses } from "../../src/model/finding.ts";
import { isDecided, type OutcomeName, outcomes, type Severity, severities } from "../../src/model/outcome.ts";
import type { Store } from "../../src/store/store.ts";
import { arn, conclusion, keyNamed, outcomeOf, scope, start } from "../store/support/material.ts";
import { type Api, openApi } from "./support/api.ts";
import { lacking } from "./support/conclude.ts";

interface Said {
  readonly check: string;
  readonly outcome: OutcomeName;
  readonly severity: Severity;
  readonly lacks: string;
}

type Step =
  | { readonly does: "register"; readonly name: string; readonly resource: string; readonly far: boolean }
  | { readonly does: "retire"; readonly name: string }
  | { readonly does: "conclude"; readonly name: string; readonly says: readonly Said[] }
  | { readonly does: "ask" };

const name = fc.constantFrom("a", "b", "c", "d");
const said: fc.Arbitrary<Said> = fc.record({
  check: fc.constantFrom("aws/1", "aws/2", "aws/3"),
  outcome: fc.oneof(fc.constantFrom(...outcomes), fc.constant("unknown" as const)),
  severity: fc.constantFrom(...severities),
  lacks: fc.constantFrom("grants", "policy", "grants policy"),
});
const says = fc.uniqueArray(said, { selector: ({ check }) => check, minLength: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant("register" as const), name, resource: name, far: fc.boolean() }),
  { arbitrary: fc.record({ does: fc.constant("conclude" as const), name, says }), weight: 4 },
  fc.record({ does: fc.constant("retire" as const), name }),
  fc.record({ does: fc.constant("ask" as const) }),
);

async function take(api: Api, one: Exclude<Step, { does: "ask" }>): Promise<void> {
  const live = (await api.store.read.keys()).map((key) => key.name);
  await api.store.write(async (tx) => {
    if (one.does === "register") {
      const where = one.far ? "444455556666/us-east-2" : scope;
      // A name or a resource that is taken changes nothing.
      await tx.registerKey(keyNamed(one.name, { resource: arn(one.resource), scope: where }), api.now);
    } else if (!live.includes(one.name)) {
      return;
    } else if (one.does === "retire") {
      await tx.retireKey(one.name, api.now);
    } else {
      await tx.saveOutcomes(one.name, one.says.map(outcomeSaid), { ...conclusion, at: api.now });
    }
  });
  api.now += 1000;
}

function outcomeSaid({ check, outcome, severity, lacks }: Said) {
  const missing = lacks.split(" ").flatMap((fact) => lacking(fact, `kms:${fact}`).missing);
  return outcomeOf(check, outcome, { severity, ...(outcome === "unknown" ? { evidence: { missing } } : {}) });
}

async function allFindings(store: Store): Promise<readonly Finding[]> {
  const { findings } = await store.read.findings({ filters: { status: findingStatuses }, limit: 1000 });
  return findings;
}

const scored = ({ status, latest: { outcome, severity } }: Finding) => ({ status, outcome, severity });
const kindOf = (what: object) => JSON.stringify(what);

/** Each sum as people would count it. */
async function plainly(store: Store) {
  const keys = await store.read.keys();
  const findings = await allFindings(store);
  const watched = findings.filter(({ status }) => status !== "retired");
  const judged = new Set(watched.flatMap(({ key, latest }) => (isDecided(latest.outcome) ? [key] : [])));
  const scopes = new Map(keys.map((key) => [key.name, key.scope]));
  const lacks = watched
    .filter(({ latest }) => latest.outcome === "unknown")
    .flatMap(({ key, check, latest }) =>
      (latest.evidence as ReturnType<typeof lacking>).missing.map(({ fact, call, permission, reason }) => {
        return { what: kindOf([call, permission, reason, scopes.get(key ?? "")]), fact, check, key };
      }),
    );
  const unknown = [...Map.groupBy(lacks, ({ what }) => what)].map(([what, same]) => ({
    what,
    facts: [...new Set(same.map(({ fact }) => fact))].toSorted(),
    checks: [...new Set(same.map(({ check }) => check))].toSorted(),
    keys: new Set(same.map(({ key }) => key)).size,
  }));
  const many = <T extends string>(names: readonly T[], rows: readonly Finding[], of: (row: Finding) => T) =>
    Object.fromEntries(names.map((one) => [one, rows.filter((row) => of(row) === one).length]));
  return {
    keys: { watched: keys.length, blind: keys.map((key) => key.name).filter((one) => !judged.has(one)) },
    ...scoreOf(watched.map(scored)),
    findings: {
      by_status: many(findingStatuses, findings, ({ status }) => status),
      by_outcome: many(outcomes, watched, ({ latest }) => latest.outcome),
      open_by_severity: many(
        severities,
        watched.filter(({ status }) => status === "open"),
        ({ latest }) => latest.severity,
      ),
    },
    unknown: unknown.toSorted((a, b) => (a.what < b.what ? -1 : 1)),
    scores: keys.map((key) => [key.name, scoreOf(watched.filter((one) => one.key === key.name).map(scored))]),
  };
}

type Body = Readonly<Record<string, unknown>>;

async function told(api: Api) {
  const { body } = await api.get("/summary");
  const unknown = (body["unknown"] as readonly Body[]).map(({ call, permission, reason, scope: where, ...rest }) => {
    return { what: kindOf([call, permission, reason, where]), ...rest };
  });
  const keys = (await api.get("/keys")).body["keys"] as readonly Body[];
  return {
    keys: body["keys"],
    score: body["score"],
    unknown_share: body["unknown_share"],
    findings: body["findings"],
    unknown: unknown.toSorted((a, b) => (a.what < b.what ? -1 : 1)),
    scores: keys.map(({ name: key, score, unknown_share }) => [key, { score, unknown_share }]),
  };
}

/** The scores that the keys of a moment had. */
async function scoresThen(store: Store, at: number) {
  const { findings } = await store.read.findings({ filters: { status: findingStatuses }, as_of: at, limit: 1000 });
  const watched = findings.filter(({ status }) => status !== "retired");
  const keys = await store.read.keys({ at });
  return keys.map((key) => [key.name, scoreOf(watched.filter((one) => one.key === key.name).map(scored))]);
}

test("the overview is that of all findings, after whatever has happened", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const api = await openApi();
      try {
        for (const key of ["a", "b"]) await take(api, { does: "register", name: key, resource: key, far: key === "b" });
        for (const one of [...steps, { does: "ask" } as const]) {
          if (one.does === "ask") expect(await told(api)).toEqual(await plainly(api.store));
          else await take(api, one);
        }
        for (let at = start; at < api.now; at += 3000) {
          const { body } = await api.get(`/keys?as_of=${new Date(at).toISOString()}`);
          const keys = body["keys"] as readonly Body[];
          const scores = keys.map(({ name: key, score, unknown_share }) => [key, { score, unknown_share }]);
          expect(scores).toEqual(await scoresThen(api.store, at));
        }
      } finally {
        await api.close();
      }
    }),
    { numRuns: 30 },
  );
});
