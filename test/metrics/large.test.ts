/** Metrics of more keys than are read, rendered and written at a time. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { crc32, gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMetrics } from "../../src/metrics/create-metrics.ts";
import { gzip } from "../../src/metrics/gzip.ts";
import { joinedChecksum } from "../../src/metrics/joined-checksum.ts";
import type { KeyDetail, KeyHead, MetricsSource } from "../../src/metrics/metrics-source.ts";
import { TextPiece } from "../../src/metrics/text-piece.ts";
import { known } from "../../src/model/fact.ts";

const keysOfPage = 20;

function keyNumber(number: number, version = "1", score = 100): KeyDetail & KeyHead {
  return {
    provider: "aws",
    name: `key-${String(number).padStart(3, "0")}`,
    version,
    account: "111122223333",
    location: "us-east-2",
    resource: `arn:aws:kms:us-east-2:111122223333:key/${number}`,
    labels: { team: number % 2 === 0 ? "payments" : "Größe" },
    lifecycle: known("enabled"),
    last_known_lifecycle: "enabled",
    protection_level: null,
    key_spec: "SYMMETRIC_DEFAULT",
    origin: "AWS_KMS",
    checks: [{ check: "aws/key-enabled", severity: "critical", open: false }],
    unknown_checks: 0,
    score,
    last_observed: 1_790_000_000_000 + number,
    scan_interval: 60_000,
  };
}

/** A few hundred keys in memory. */
class ManyKeys implements MetricsSource {
  keysNow = Array.from({ length: 205 }, (_, number) => keyNumber(number));
  /** How often the keys were gone through, and how many were read in full at each time. */
  reads: number[] = [];
  details_read: number[] = [];
  failing = false;

  async *keys(): AsyncGenerator<readonly KeyHead[]> {
    const { keysNow } = this;
    this.reads.push(0);
    for (let first = 0; first < keysNow.length; first += keysOfPage) yield keysNow.slice(first, first + keysOfPage);
  }
  async details(names: readonly string[]): Promise<readonly KeyDetail[]> {
    if (this.failing) throw new Error("database is gone");
    this.details_read.push(names.length);
    return this.keysNow.filter(({ name }) => names.includes(name));
  }
  async findingCounts() {
    return [];
  }
}

function metricsOf(source: MetricsSource) {
  return createMetrics({
    source,
    version: "1.2.3",
    keyLabels: ["team"],
    mode: "detailed",
    lanes: { fast: 60_000, full: 900_000 },
    calls: { aws: ["kms:DescribeKey"], gcp: [], azure: [] },
  });
}

async function buffersOf(pieces: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const buffers: Buffer[] = [];
  for await (const piece of pieces) buffers.push(piece);
  return buffers;
}

/** The lines about keys: the rest moves by itself. */
async function linesOfKeys(metrics: ReturnType<typeof metricsOf>): Promise<string[]> {
  const text = Buffer.concat(await buffersOf(await metrics.pieces("identity"))).toString();
  return text.slice(0, text.indexOf("# HELP keyposture_findings ")).split("\n");
}

describe("gzip", () => {
  it("decodes to the same text, compressed anew and from what is kept", async () => {
    const metrics = metricsOf(new ManyKeys());
    const lines = await linesOfKeys(metrics);
    for (const time of ["anew", "from what is kept"]) {
      const text = gunzipSync(Buffer.concat(await buffersOf(await metrics.pieces("gzip")))).toString();
      expect(text.split("\n").slice(0, lines.length - 1), time).toEqual(lines.slice(0, -1));
    }
  });

  it("is one file of any pieces", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "ab\n", "ü", "🔑") });
    await fc.assert(
      fc.asyncProperty(fc.array(text), async (texts) => {
        async function* pieces() {
          for (const one of texts) yield new TextPiece(Buffer.from(one));
        }
        const file = Buffer.concat(await buffersOf(gzip(pieces())));
        // One member: not every reader goes on after the first.
        expect(gunzipSync(file).toString()).toBe(texts.join(""));
        expect(file.readUInt32LE(file.length - 4)).toBe(Buffer.byteLength(texts.join("")));
      }),
    );
  });

  it("compresses only what was not compressed before", async () => {
    const source = new ManyKeys();
    const metrics = metricsOf(source);
    const before = new Set(await buffersOf(await metrics.pieces("gzip")));
    const keptNow = async () =>
      (await buffersOf(await metrics.pieces("gzip"))).filter((piece) => before.has(piece)).length;
    const pages = Math.ceil(source.keysNow.length / keysOfPage);
    // Seven families of keys, in as many pieces as there are pages, what opens each of them, and the file.
    const all = 7 * pages + 7 + 1;
    expect(await keptNow()).toBe(all);
    source.keysNow = source.keysNow.with(0, keyNumber(0, "2", 39));
    expect(await keptNow(), "one key is another one").toBe(all - 7);
    source.keysNow = source.keysNow.map((key) => ({ ...key, last_observed: (key.last_observed ?? 0) + 60_000 }));
    expect(await keptNow(), "every key was read again").toBe(all - 7 - (pages - 1));
  });
});

describe("a joined checksum", () => {
  it("is that of both texts, one after the other", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (first, second) => {
        const joined = joinedChecksum(crc32(first), crc32(second), second.length);
        expect(joined).toBe(crc32(Buffer.concat([first, second])));
      }),
    );
  });
  it("is that of long texts", () => {
    const [first, second] = [Buffer.alloc(3_000_001, "abc"), Buffer.alloc(5_000_003, "de")];
    const joined = joinedChecksum(crc32(first), crc32(second), second.length);
    expect(joined).toBe(crc32(Buffer.concat([first, second])));
  });
});

describe("others have their turn", () => {
  it("between any two portions, also at the first time", async () => {
    const source = new ManyKeys();
    const metrics = metricsOf(source);
    const turns = { taken: 0, ended: false };
    async function others() {
      while (!turns.ended) {
        await nextTurn();
        turns.taken += 1;
      }
    }
    const running = others();
    const pieces = await metrics.pieces("identity");
    const pages = Math.ceil(source.keysNow.length / keysOfPage);
    expect(source.details_read).toEqual([50, 50, 50, 50, 5]);
    // Each page is read and made a block of, and each portion rendered.
    expect(turns.taken).toBeGreaterThanOrEqual(2 * pages + source.details_read.length);
    turns.taken = 0;
    const families = await buffersOf(pieces);
    expect(families.length).toBeGreaterThan(7 * pages);
    expect(turns.taken).toBeGreaterThan(20);
    turns.ended = true;
    await running;
  });
});

describe("scrapes at the same time", () => {
  it("share the reading that begins after all of them asked", async () => {
    const source = new ManyKeys();
    const metrics = metricsOf(source);
    const first = metrics.pieces("identity");
    await nextTurn();
    const later = [metrics.pieces("identity"), metrics.pieces("gzip"), metrics.pieces("identity")];
    await Promise.all([first, ...later]);
    expect(source.reads).toHaveLength(2);
    expect(source.details_read).toEqual([50, 50, 50, 50, 5]);
  });

  it("never see what was read before they asked", async () => {
    const source = new ManyKeys();
    const metrics = metricsOf(source);
    const first = metrics.pieces("identity");
    await nextTurn();
    source.keysNow = source.keysNow.toSpliced(3, 1);
    expect((await linesOfKeys(metrics)).join("\n")).not.toContain("key-003");
    expect(Buffer.concat(await buffersOf(await first)).toString()).toContain("key-002");
  });

  it("fail alone: the next one is served", async () => {
    const source = new ManyKeys();
    const metrics = metricsOf(source);
    source.failing = true;
    const first = metrics.pieces("identity");
    await nextTurn();
    const second = linesOfKeys(metrics);
    await expect(first).rejects.toThrow("database is gone");
    source.failing = false;
    expect((await second).filter((line) => line.startsWith("keyposture_key_info{"))).toHaveLength(205);
  });

  it("take nothing away from the next one, whatever they had forgotten", async () => {
    const source = new ManyKeys();
    const metrics = metricsOf(source);
    const before = await linesOfKeys(metrics);
    const { keysNow } = source;
    source.failing = true;
    source.keysNow = keysNow.with(1, keyNumber(1, "2", 39)).toSpliced(0, 1);
    await expect(metrics.pieces("identity")).rejects.toThrow("database is gone");
    source.failing = false;
    source.keysNow = keysNow;
    expect(await linesOfKeys(metrics)).toEqual(before);
    source.keysNow = keysNow.with(2, keyNumber(2, "2", 39));
    expect(await linesOfKeys(metrics)).toEqual(await linesOfKeys(metricsOf(source)));
  });
});

it("what is kept says the same as what is made anew, whatever changes in between", async () => {
  const change = fc.record({
    at: fc.nat(204),
    how: fc.constantFrom("change", "remove", "insert"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 4 }), async (rounds) => {
      const source = new ManyKeys();
      const metrics = metricsOf(source);
      await linesOfKeys(metrics);
      for (const [round, changes] of rounds.entries()) {
        for (const { at, how } of changes) {
          const names = new Set(source.keysNow.map(({ name }) => name));
          const key = keyNumber(at, `round ${round}`, round);
          const others = source.keysNow.filter(({ name }) => name !== key.name);
          if (how === "remove" || (how === "change" && !names.has(key.name))) source.keysNow = others;
          else source.keysNow = [...others, key].toSorted((a, b) => (a.name < b.name ? -1 : 1));
        }
        expect(await linesOfKeys(metrics)).toEqual(await linesOfKeys(metricsOf(source)));
      }
    }),
    { numRuns: 20 },
  );
});
