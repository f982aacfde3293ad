import { describe, expect, it } from "vitest";
import { createConclusions } from "../../src/audit/conclude.ts";
import type { Reading } from "../../src/model/reading.ts";
import type { Store } from "../../src/store/store.ts";
import { everything, faults, query } from "../store/support/database-file.ts";
import { arn, calls, intervals, keyReadings, minute, refused, seen, start } from "../store/support/material.ts";
import { auditOfTest, register, rules } from "../support/audit-of-test.ts";

const names = ["a", "b", "c"];
const call = "cloudtrail:DescribeTrails";

/** What is written of the scope: of each write, the moments of its readings. */
function watched(store: Store) {
  const writes: (readonly number[])[] = [];
  const watching: Store = {
    ...store,
    write: (body) =>
      store.write((tx) =>
        body({
          ...tx,
          saveReadings: (subject, readings, lanes) => {
            if (subject.kind === "scope") writes.push(readings.map(({ at }) => at));
            return tx.saveReadings(subject, readings, lanes);
          },
        }),
      ),
  };
  return { writes, watching };
}

/** One reading of the scope that comes with every key that is read at the same time. */
async function sharing(answer: (at: number) => Reading) {
  const audit = await auditOfTest();
  await register(audit.store, ...names);
  const { writes, watching } = watched(audit.store);
  let shared: Reading | undefined;
  const begin = () => {
    shared = answer(audit.clock.now);
  };
  audit.collector.key = (_key, at) => [...keyReadings(at), ...(shared === undefined ? [] : [shared])];
  const conclusions = createConclusions({ store: watching, calls, rules, now: () => audit.clock.now });
  return { ...audit, writes, begin, scan: () => audit.scan({}, { store: watching, conclusions }) };
}

const told = (at: number) => seen(call, at, { trail_list: [] });

describe("a reading of the scope that comes with each of its keys", () => {
  it("is saved once, and every key is judged by it", async () => {
    const { store, path, writes, begin, scan } = await sharing(told);
    begin();

    expect(await scan()).toMatchObject({ failed_keys: 0, refused: [] });

    // What is not committed yet counts for nobody.
    expect(new Set(writes.flat())).toEqual(new Set([start]));
    writes.length = 0;
    await scan();
    expect(writes).toEqual([]);
    expect(query(path, "select name from fact where name = 'trail_list'")).toHaveLength(1);
    for (const name of names) {
      const conclusions = await store.read.conclusions({ keys: [name] });
      const conclusion = conclusions.find(({ check }) => check === "aws/has-trail");
      expect(conclusion?.outcome, name).toBe("fail");
    }
    expect(faults(path)).toEqual([]);
  });

  it("is one more time of a sight, and nothing else, where it tells the same again", async () => {
    const { path, clock, writes, begin, scan } = await sharing(told);
    begin();
    await scan();
    const { scan: _row, sight: _sight, ...before } = everything(path);
    clock.now += minute;
    begin();

    expect(await scan()).toMatchObject({ changes: 0 });

    const { scan: _rows, sight, ...after } = everything(path);
    expect(after).toEqual(before);
    expect(sight?.filter((run) => run["call"] === call)).toMatchObject([{ number: 1, last_at: clock.now }]);
    expect(new Set(writes.flat())).toEqual(new Set([start, clock.now]));
  });

  it("is not lost with the key that it came with first", async () => {
    const { store, collector, path, begin, scan } = await sharing(told);
    begin();
    const { key } = collector;
    collector.key = async (one, at) => {
      if (one.resource === arn("a")) await store.write((tx) => tx.retireKey("a", at));
      return key(one, at);
    };

    expect(await scan()).toMatchObject({ failed_keys: 0 });

    expect(query(path, "select name from fact where name = 'trail_list'")).toHaveLength(1);
  });

  it("is not lost with what another key's conclusion breaks", async () => {
    const { store, collector, path, begin, scan } = await sharing(told);
    begin();
    const { key } = collector;
    // Refused in the middle of its transaction, after that of the first key.
    collector.key = async (one, at) => {
      const readings = await key(one, at);
      return one.resource === arn("b") ? [...readings, ...readings] : readings;
    };

    expect(await scan()).toMatchObject({ failed_keys: 1 });

    expect(query(path, "select name from fact where name = 'trail_list'")).toHaveLength(1);
    const judged = await store.read.conclusions({ keys: names });
    expect(new Set(judged.map((one) => one.key))).toEqual(new Set(["a", "c"]));
    expect(faults(path)).toEqual([]);
  });

  it("counts as saved once that is committed, and not while it may be taken back", async () => {
    const { store, path, clock } = await auditOfTest();
    await register(store, "a", "b");
    const readings = [...keyReadings(clock.now), told(clock.now)];
    const read = (name: string) =>
      ({ provider: "aws", resource: arn(name), readings, intervals, at: clock.now }) as const;
    let wasTakenBack = false;
    const takingBack: Pick<Store, "write"> = {
      async write(body, options) {
        if (!wasTakenBack) {
          wasTakenBack = true;
          const first = store.write(async (tx) => {
            await body(tx);
            throw new Error("taken back");
          });
          await expect(first).rejects.toThrow("taken back");
          await conclusions.conclude(read("a"));
        }
        return store.write(body, options);
      },
    };
    const conclusions = createConclusions({ store: takingBack, calls, rules, now: () => clock.now });

    await conclusions.conclude(read("b"));

    const judged = await store.read.conclusions({ keys: ["a", "b"] });
    const outcomes = judged.filter(({ check }) => check === "aws/has-trail").map(({ outcome }) => outcome);
    expect(outcomes).toEqual(["fail", "fail"]);
    expect(faults(path)).toEqual([]);
  });

  it("counts as one that was refused", async () => {
    const { begin, scan } = await sharing((at) => refused(call, at));
    begin();

    expect((await scan()).refused).toMatchObject([{ call, subjects: 1 }]);
  });
});
