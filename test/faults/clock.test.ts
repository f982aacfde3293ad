import { afterEach, describe, expect, it, vi } from "vitest";
import { type CloudedService, cloudedService, type KeyName, keys, names, type Scanned } from "./clouded-service.ts";
import { conclusionsOf } from "./service-of-cloud.ts";

const hour = 3_600_000;
const day = 24 * hour;

afterEach(() => {
  vi.useRealTimers();
});

/** Sets the time of the machine: timers go on, and so does the steady clock. */
function setClock(by: number): void {
  const now = Date.now() + by;
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(now);
}

function statesOf({ facts }: Scanned, name: KeyName) {
  return Object.fromEntries(
    Object.entries(facts[name]).map(([fact, one]) => [fact, one.state === "known" ? one.value : `(${one.reason})`]),
  );
}

function statusesOf({ findings }: Scanned, name: KeyName) {
  return Object.fromEntries(findings[name].map(({ check, status }) => [check, status]));
}

function expectSame(after: Scanned, before: Scanned): void {
  for (const name of names) {
    expect(statesOf(after, name), name).toEqual(statesOf(before, name));
    expect(conclusionsOf(after, name), name).toEqual(conclusionsOf(before, name));
  }
  expect(after.refused).toEqual([]);
  expect(after.exitCode).toBe(0);
}

/** Answers that take their time: requests wait for one another until all places for them are open. */
async function scanSlowly(service: CloudedService): Promise<Scanned> {
  service.simulator.control.latency({ call: "kms:*", ms: 300 });
  await service.scan();
  return service.scan();
}

/** Sets the clock when the keys of a scan have been asked for and have not been answered. */
async function scanWithJump(service: CloudedService, by: number): Promise<Scanned> {
  const { control } = service.simulator;
  control.reset({ only: ["calls"] });
  const scanned = service.scan();
  await expect
    .poll(
      () => names.every((name) => (control.calls().by_resource[keys[name]]?.["kms:ListGrants"]?.received ?? 0) > 0),
      {
        interval: 5,
      },
    )
    .toBe(true);
  setClock(by);
  return scanned;
}

describe.each([
  ["back by an hour", -hour],
  ["back by ten seconds", -10_000],
  ["forward by an hour", hour],
  ["forward by a day", day],
])("a clock that is set %s", (_, by) => {
  it("between two scans changes nothing", { timeout: 30_000 }, async () => {
    const service = await cloudedService();
    const before = await service.scan();
    setClock(by);

    expectSame(await service.scan(), before);
    expectSame(await service.scan(), before);
  });

  it("during a scan changes nothing but what was read long ago by then", { timeout: 30_000 }, async () => {
    const service = await cloudedService();
    const before = await scanSlowly(service);

    const during = await scanWithJump(service, by);

    if (by < 0) expectSame(during, before);
    for (const name of names) {
      // The trails were read before the clock was set: nobody knows any more how long ago.
      const facts = Object.entries(statesOf(before, name)).map(([fact, value]) => {
        const shared = by > 0 && fact.startsWith("trail_");
        return [fact, shared ? "(stale)" : value];
      });
      expect(statesOf(during, name), name).toEqual(Object.fromEntries(facts));
      expect(statusesOf(during, name), name).toEqual(statusesOf(before, name));
    }
    expect(during.refused).toEqual([]);
    expect(during.exitCode).toBe(by > 0 ? 3 : 0);
    expectSame(await service.scan(), before);
  });
});
