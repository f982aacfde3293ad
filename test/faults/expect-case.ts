/** What must hold when something breaks: exactly that is lost, all else is judged as before, and it passes. */
import { expect } from "vitest";
import { allCalls } from "../../src/collect/call-tables.ts";
import { type Unreadable, type UnreadableReason, unreadable } from "../../src/model/fact.ts";
import type { Scanned, ServiceOfCloud } from "./service-of-cloud.ts";

/** Facts that are lost with one call, and how. */
export interface Lost<Name extends string> {
  readonly keys: readonly Name[];
  readonly call: string;
  readonly reason: UnreadableReason;
  /** Where it is not all that the call tells. */
  readonly facts?: readonly string[];
  /** What was refused, where it was not this call. */
  readonly refused?: string;
  /** Where it is not the permission that this call needs. */
  readonly permission?: string | null;
}

export interface Case<Name extends string> {
  readonly about: string;
  /** What breaks; the next scan is made when it has. */
  readonly breaks: (service: ServiceOfCloud<Name>) => void | Promise<void>;
  readonly during?: (service: ServiceOfCloud<Name>) => Promise<void>;
  readonly restarts?: true;
  readonly request_timeout?: number;
  readonly lost: readonly Lost<Name>[];
  /** Keys of which something cannot be judged then; by default all that lost something. */
  readonly blind?: readonly Name[];
  /** Scope, call, reason, permission and for how many: what the scan ends with. */
  readonly refused: readonly string[];
  /** Further words of the last lines. */
  readonly says?: RegExp;
}

/** The facts as they were, without those that are lost. */
export function expectedFacts<Name extends string>(name: Name, { facts }: Scanned<Name>, lost: readonly Lost<Name>[]) {
  const gone = lost
    .filter((one) => one.keys.includes(name))
    .flatMap(({ call, reason, facts: only, refused = call, ...more }) => {
      const { permission = allCalls[refused]?.permission ?? null } = more;
      const tellsPermission = reason === "access-denied" || (refused !== call && reason !== "api-disabled");
      const source = tellsPermission && permission !== null ? { call: refused, permission } : { call: refused };
      const told = only ?? allCalls[call]?.facts ?? expect.fail(`no such call: ${call}`);
      const all = Object.keys(facts[name]).filter((fact) =>
        told.some((one) => fact === one || fact.startsWith(`${one}:`)),
      );
      expect(all, `facts of ${call}`).not.toEqual([]);
      return all.map((fact) => [fact, unreadable(reason, "", source)] as const);
    });
  return { ...facts[name], ...Object.fromEntries(gone) };
}

/** Without the words for people. */
export function plain<Name extends string>(facts: Scanned<Name>["facts"][Name]) {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [
      name,
      fact.state === "known" ? fact : ({ ...fact, detail: "" } satisfies Unreadable),
    ]),
  );
}

function outcomesOf<Name extends string>({ findings }: Scanned<Name>, name: Name) {
  return Object.fromEntries(
    findings[name].map(({ check, latest: { outcome, evidence } }) => [check, { outcome, evidence }]),
  );
}

export function decidedOf<Name extends string>({ findings }: Scanned<Name>, name: Name) {
  return Object.fromEntries(
    findings[name].map(({ check, status, latest, last_decided }) => [
      check,
      { status, decided: (last_decided ?? latest).outcome },
    ]),
  );
}

/** Scans before it breaks, while it is broken, and when it is mended; gives the first two. `open` fails more than one check from the start. */
export async function expectCase<Name extends string>(
  service: ServiceOfCloud<Name>,
  open: Name,
  { breaks, during, restarts, lost, refused, says, ...more }: Case<Name>,
): Promise<{ readonly before: Scanned<Name>; readonly after: Scanned<Name> }> {
  const { names, simulator } = service;
  const before = await service.scan();
  expect(before.refused).toEqual([]);
  expect(before.exitCode).toBe(0);
  expect(Object.values(decidedOf(before, open)).filter(({ status }) => status === "open").length).toBeGreaterThan(1);

  simulator.control.reset({ only: ["calls"] });
  if (restarts) await service.restart();
  await breaks(service);
  const [after] = await Promise.all([service.scan(), during?.(service)]);

  expect(after.refused).toEqual(refused.toSorted());
  for (const name of names) {
    const facts = expectedFacts(name, before, lost);
    expect(plain(after.facts[name]), name).toEqual(plain(facts));
    expect(outcomesOf(after, name), name).toEqual(service.verdicts(name, facts, Date.now()));
    expect(decidedOf(after, name), name).toEqual(decidedOf(before, name));
  }
  const blind = names.filter((name) => after.findings[name].some(({ latest }) => latest.outcome === "unknown"));
  const concerned = more.blind ?? names.filter((name) => lost.some(({ keys }) => keys.includes(name)));
  expect(blind).toEqual(concerned);
  expect(after.scans.map(({ state, failed_keys }) => [state, failed_keys])).toEqual(after.scans.map(() => ["done", 0]));
  expect(after.exitCode).toBe(concerned.length === 0 ? 0 : 3);
  if (says !== undefined) expect(after.text).toMatch(says);

  if (during !== undefined) return { before, after };
  simulator.control.reset({ only: ["rules", "resources"] });
  // A refused role is remembered for a few seconds.
  await service.restart();
  const mended = await service.scan();
  for (const name of names) {
    expect(plain(mended.facts[name]), name).toEqual(plain(before.facts[name]));
    expect(outcomesOf(mended, name), name).toEqual(outcomesOf(before, name));
    expect(decidedOf(mended, name), name).toEqual(decidedOf(before, name));
  }
  expect(mended.refused).toEqual([]);
  expect(mended.exitCode).toBe(0);
  return { before, after };
}
