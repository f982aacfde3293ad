import { describe, expect, it } from "vitest";
import { evidenceDigest } from "../../src/export/evidence-digest.ts";
import { exportedKey } from "../../src/export/exported-finding.ts";
import { keyNamed, registration } from "../store/support/material.ts";
import { arn, exported, hostileTexts, written } from "./material.ts";

describe("the key of a finding", () => {
  const labels = { team: "search" };
  const registered = {
    ...keyNamed("prod", { registration: { ...registration, labels } }),
    registered_at: 0,
    retired_at: null,
  };

  it("is as registered", () => {
    const { resource, account, location } = registered;
    expect(exportedKey(resource, registered)).toEqual({ account, location, labels });
  });

  it("is what its name tells where nothing is registered under it, or another one", () => {
    const told = { account: "111122223333", location: "us-east-2", labels: {} };
    expect(exportedKey(arn, undefined)).toEqual(told);
    expect(exportedKey(arn, registered)).toEqual(told);
    expect(exportedKey("projects/p1234567/locations/us/keyRings/r/cryptoKeys/k", undefined)).toMatchObject({
      location: "us",
    });
  });

  it("is none of a resource that is no key", () => {
    expect(exportedKey("111122223333/us-east-2", undefined)).toBeNull();
  });
});

describe("findings as NDJSON", () => {
  it("are one on each line, as they were given", async () => {
    const given = hostileTexts.map((message, index) => exported({ id: `fnd_${index}`, message }));
    const text = await written("ndjson", given.slice(0, 3), [], given.slice(3));
    expect(text.endsWith("\n")).toBe(true);
    const lines = text.split("\n").slice(0, -1);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(given.map(({ body }) => body));
    expect(await written("ndjson")).toBe("");
  });
});

describe("the digest of evidence", () => {
  it("follows from what it says, not from how it is written down", () => {
    expect(evidenceDigest({ b: [1, { d: 1, c: null }], a: "é" })).toBe(
      evidenceDigest({ a: "é", b: [1, { c: null, d: 1 }] }),
    );
    expect(evidenceDigest([1, 2])).not.toBe(evidenceDigest([2, 1]));
    expect(evidenceDigest(null)).toBe("74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b");
  });

  it("is refused for a number that JSON cannot hold", () => {
    expect(() => evidenceDigest({ n: Number.NaN })).toThrow();
  });
});
