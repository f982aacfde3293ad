import { describe, expect, it } from "vitest";
import { scoreOf } from "../../src/check/score.ts";
import type { KeyStanding, StorePort } from "../../src/http/ports.ts";
import { createStandings } from "../../src/http/standings.ts";

/** Some thousands of keys in memory, and what was read of them. */
class ManyKeys {
  readonly names = new Set(Array.from({ length: 2_500 }, (_, index) => `key-${String(index).padStart(4, "0")}`));
  readonly failing = new Set<string>();
  readonly changes: string[] = [];
  readonly reads: number[] = [];
  broken = false;

  change(...names: readonly string[]): void {
    this.changes.push(...names);
  }

  standing(key: string): KeyStanding {
    const outcome = this.failing.has(key) ? "fail" : "pass";
    const status = this.failing.has(key) ? "open" : "none";
    return { key, scope: "s", conclusions: [{ severity: "low", status, outcome, count: 1 }], unknown: [] };
  }

  readonly store = {
    changeSeq: async () => this.changes.length,
    keysChangedSince: async (seq: number, most: number) => {
      const changed = this.changes.slice(seq);
      return changed.length > most ? undefined : [...new Set(changed)];
    },
    keyStandings: async (chosen: Parameters<StorePort["keyStandings"]>[0]) => {
      if (this.broken) throw new Error("no disk");
      const names =
        "names" in chosen
          ? chosen.names.filter((name) => this.names.has(name))
          : [...this.names].filter((name) => name > chosen.after).slice(0, chosen.limit);
      this.reads.push(names.length);
      return names.map((name) => this.standing(name));
    },
  };
}

function started() {
  const many = new ManyKeys();
  const standings = createStandings({ store: many.store, scoreOf });
  return { many, standings };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

describe("how every key stands", () => {
  it("is read once, some keys at a time, and then only of keys that have changed", async () => {
    const { many, standings } = started();
    expect((await standings.newest()).keys.size).toBe(2_500);
    expect(sum(many.reads)).toBe(2_500);
    expect(Math.max(...many.reads)).toBeLessThanOrEqual(200);

    many.failing.add("key-0007");
    many.names.delete("key-0008");
    many.change("key-0007", "key-0008", "key-0009");
    many.reads.length = 0;
    const { keys } = await standings.newest();
    expect(many.reads).toEqual([2]);
    expect(keys.get("key-0007")?.score.score).toBe(0);
    expect(keys.has("key-0008")).toBe(false);
    await standings.newest();
    expect(many.reads).toEqual([2]);
  });

  it("is read anew where very many have changed", async () => {
    const { many, standings } = started();
    await standings.newest();
    many.names.delete("key-0001");
    many.failing.add("key-2499");
    many.change(...many.names);
    many.reads.length = 0;
    const { keys } = await standings.newest();
    expect(keys.size).toBe(2_499);
    expect(keys.get("key-2499")?.score.score).toBe(0);
    expect(sum(many.reads)).toBe(2_499);
  });

  it("is read once for all who ask meanwhile, and has what they know of", async () => {
    const { many, standings } = started();
    const first = standings.newest();
    // The first reading has begun.
    await new Promise(setImmediate);
    many.failing.add("key-0000");
    many.change("key-0000");
    const later = await Promise.all(Array.from({ length: 20 }, () => standings.newest()));
    for (const { keys } of later) expect(keys.get("key-0000")?.score.score).toBe(0);
    await first;
    expect(sum(many.reads)).toBe(2_501);
  });

  it("tells who waits that it could not be read, and is read again for the next", async () => {
    const { many, standings } = started();
    many.broken = true;
    const waiting = [standings.newest(), standings.newest()];
    for (const result of await Promise.allSettled(waiting)) expect(result.status).toBe("rejected");
    many.broken = false;
    expect((await standings.newest()).keys.size).toBe(2_500);
  });
});
