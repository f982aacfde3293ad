import { describe, expect, it } from "vitest";
import { awsCalls } from "../../src/collect/aws/calls.ts";
import { type Unreadable, unreadable } from "../../src/model/fact.ts";
import { cases, type Lost } from "./cases.ts";
import { cloudedService, type KeyName, names, type Scanned } from "./clouded-service.ts";

/** The facts as they were, without those that are lost. */
function expectedFacts(name: KeyName, { facts }: Scanned, lost: readonly Lost[]) {
  const gone = lost
    .filter((one) => one.keys.includes(name))
    .flatMap(({ call, reason, facts: only, refused = call }) => {
      const permission = refused === "credentials" ? undefined : awsCalls[refused].permission;
      const tellsPermission = reason === "access-denied" || refused !== call;
      const source = tellsPermission && permission !== undefined ? { call: refused, permission } : { call: refused };
      const told: readonly string[] = only ?? awsCalls[call].facts;
      const all = Object.keys(facts[name]).filter((fact) =>
        told.some((one) => fact === one || fact.startsWith(`${one}:`)),
      );
      return all.map((fact) => [fact, unreadable(reason, "", source)] as const);
    });
  return { ...facts[name], ...Object.fromEntries(gone) };
}

/** Without the words for people. */
function plain(facts: Scanned["facts"][KeyName]) {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [
      name,
      fact.state === "known" ? fact : ({ ...fact, detail: "" } satisfies Unreadable),
    ]),
  );
}

function outcomesOf({ findings }: Scanned, name: KeyName) {
  return Object.fromEntries(
    findings[name].map(({ check, latest: { outcome, evidence } }) => [check, { outcome, evidence }]),
  );
}

function decidedOf({ findings }: Scanned, name: KeyName) {
  return Object.fromEntries(
    findings[name].map(({ check, status, latest, last_decided }) => [
      check,
      { status, decided: (last_decided ?? latest).outcome },
    ]),
  );
}

describe("when", { timeout: 30_000 }, () => {
  it.each(cases)("$about, exactly that is unreadable, nothing is resolved, and it passes", async (one) => {
    const { breaks, during, restarts, request_timeout, lost, refused, says } = one;
    const service = await cloudedService(request_timeout === undefined ? {} : { request_timeout });
    const before = await service.scan();
    expect(before.exitCode).toBe(0);
    expect(Object.values(decidedOf(before, "open")).filter(({ status }) => status === "open").length).toBeGreaterThan(
      1,
    );

    service.simulator.control.reset({ only: ["calls"] });
    if (restarts) await service.restart();
    await breaks(service);
    const [after] = await Promise.all([service.scan(), during?.(service)]);

    for (const name of names) {
      const facts = expectedFacts(name, before, lost);
      expect(plain(after.facts[name]), name).toEqual(plain(facts));
      expect(outcomesOf(after, name), name).toEqual(service.verdicts(name, facts, Date.now()));
      expect(decidedOf(after, name), name).toEqual(decidedOf(before, name));
      const concerned = lost.some(({ keys: ofLost }) => ofLost.includes(name));
      expect(
        after.findings[name].some(({ latest }) => latest.outcome === "unknown"),
        name,
      ).toBe(concerned);
    }
    expect(after.scans.map(({ state, failed_keys }) => [state, failed_keys])).toEqual(
      after.scans.map(() => ["done", 0]),
    );
    expect(after.refused).toEqual(refused.toSorted());
    expect(after.exitCode).toBe(lost.length === 0 ? 0 : 3);
    if (says !== undefined) expect(after.text).toMatch(says);

    if (during !== undefined) return;
    service.simulator.control.reset({ only: ["rules"] });
    // A refused role is remembered for a few seconds.
    await service.restart();
    const mended = await service.scan();
    for (const name of names) {
      expect(plain(mended.facts[name]), name).toEqual(plain(before.facts[name]));
      expect(outcomesOf(mended, name), name).toEqual(outcomesOf(before, name));
      expect(decidedOf(mended, name), name).toEqual(decidedOf(before, name));
    }
    expect(mended.exitCode).toBe(0);
  });
});
