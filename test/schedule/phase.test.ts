import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextDue, phaseOf } from "../../src/schedule/phase.ts";

const anyInterval = fc.integer({ min: 1, max: 86_400 }).map((seconds) => seconds * 1000);
const anyKeys = fc.integer({ min: 1, max: 20_000 });

describe("the phase of a key", () => {
  it("lies within the interval and is always the same", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), anyKeys, anyInterval, (key, scope, keys, interval) => {
        const phase = phaseOf(key, scope, keys, interval);
        expect(Number.isInteger(phase)).toBe(true);
        expect(phase).toBeGreaterThanOrEqual(0);
        expect(phase).toBeLessThan(interval);
        expect(phaseOf(key, scope, keys, interval)).toBe(phase);
      }),
    );
  });

  it("is the same on every machine and in every version", () => {
    expect(phaseOf("prod-us", "111122223333/us-east-2", 1, 60_000)).toBe(2879);
  });

  it("is one for all keys of a small scope, so that one run reads what they share", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 16 }), fc.string(), anyInterval, (keys, scope, interval) => {
        const phases = keys.map((key) => phaseOf(key, scope, keys.length, interval));
        expect(new Set(phases).size).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each([17, 100, 1000, 15_000])("spreads %i keys over the interval", (count) => {
    const interval = 60_000;
    const slots = Math.min(20, Math.ceil(count / 16));
    const perSlot = new Map<number, number>();
    for (let index = 0; index < count; index += 1) {
      const phase = phaseOf(`key-${index}`, "scope", count, interval);
      perSlot.set(phase, (perSlot.get(phase) ?? 0) + 1);
    }
    expect(perSlot.size).toBe(slots);
    expect(Math.max(...perSlot.values())).toBeLessThan((2 * count) / slots);
  });

  it("differs between scopes", () => {
    const phases = Array.from({ length: 50 }, (_, index) => phaseOf("key", `account-${index}/region`, 1, 60_000));
    expect(new Set(phases).size).toBeGreaterThan(45);
  });
});

describe("the next moment of a phase", () => {
  it("comes after, within one interval, and at the phase", () => {
    const anyMoment = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(anyMoment, anyInterval, fc.nat(), (after, interval, number) => {
        const phase = number % interval;
        const due = nextDue(after, phase, interval);
        expect(due).toBeGreaterThan(after);
        expect(due).toBeLessThanOrEqual(after + interval);
        expect(due % interval).toBe(phase);
      }),
    );
  });

  it.each([
    [1000, 0, 1000, 2000],
    [1001, 0, 1000, 2000],
    [1000, 1, 1000, 1001],
    [0, 999, 1000, 999],
  ])("after %i with phase %i of %i: %i", (after, phase, interval, expected) => {
    expect(nextDue(after, phase, interval)).toBe(expected);
  });
});
