import { describe, expect, it } from "vitest";
import {
  looksLikeSnapshot,
  parseSnapshotDocument,
  type SnapshotDocument,
  writeSnapshotDocument,
} from "../../src/audit/snapshot-document.ts";
import { known, unreadable } from "../../src/model/fact.ts";
import { documentedPolicy, testKey, testRegistration, testTrail } from "../support/aws-kms-key.ts";
import { testTime } from "../support/check-tester.ts";

const denied = unreadable("access-denied", "not yours", { call: "kms:ListGrants", permission: "kms:ListGrants" });
const snapshot: SnapshotDocument = {
  key: { ...testKey, name: "prod" },
  registration: testRegistration,
  at: testTime,
  guidance: "2026-09",
  reads: { aws_organization: false },
  facts: {
    state: known("Enabled"),
    existence: known("present"),
    deletion_date: known(null),
    policy_text: known(documentedPolicy()),
    grants: denied,
    trail_list: known([testTrail]),
    [`trail_status:${testTrail.arn}`]: known({ logging: true, delivery_error: null }),
    registration: known(testRegistration),
  },
};
const text = writeSnapshotDocument(snapshot);

/** The text with another value in one place. */
function changed(path: readonly string[], value: unknown): string {
  const document = JSON.parse(text) as Record<string, unknown>;
  let place = document;
  for (const name of path.slice(0, -1)) place = place[name] as Record<string, unknown>;
  const last = path.at(-1) ?? "";
  if (value === undefined) delete place[last];
  else place[last] = value;
  return JSON.stringify(document, null, 2);
}

describe("a snapshot file", () => {
  it("comes back as it was, what is unreadable included", () => {
    const facts = { ...snapshot.facts, reads: known(snapshot.reads) };
    expect(parseSnapshotDocument(text)).toEqual({ ok: true, snapshot: { ...snapshot, facts } });
  });

  it("is the same text for the same facts, in whatever order they come", () => {
    const facts = Object.fromEntries(Object.entries(snapshot.facts).toReversed());
    expect(writeSnapshotDocument({ ...snapshot, facts })).toBe(text);
    expect(Object.keys(JSON.parse(text) as object)).toEqual([
      "format",
      "key",
      "registration",
      "at",
      "guidance",
      "facts",
    ]);
  });

  it("is known by its format, of whatever version", () => {
    expect(looksLikeSnapshot(text)).toBe(true);
    expect(looksLikeSnapshot('{"format":"keyposture-snapshot/7"')).toBe(true);
    expect(looksLikeSnapshot(documentedPolicy())).toBe(false);
  });

  it.each<[string, string, RegExp]>([
    ["text that is no JSON", text.slice(0, -3), /line \d+, column \d+/],
    ["a list", "[]", /an object/],
    ["another version", changed(["format"], "keyposture-snapshot/2"), /^format/],
    ["no key", changed(["key"], undefined), /^key/],
    ["a key that is none", changed(["key", "resource"], "alias/x"), /^key\.resource.*alias/],
    ["an account that is not the key's", changed(["key", "account"], "444455556666"), /^key\.account.*111122223333/],
    ["an unknown field of the registration", changed(["registration", "compartment"], []), /^registration/],
    ["a wrong organization", changed(["registration", "organizations"], ["org_1"]), /^registration\.organizations\.0/],
    ["a time that is none", changed(["at"], "yesterday"), /^at/],
    ["an unknown revision", changed(["guidance"], "2020-01"), /^guidance.*2026-09/],
    ["no facts", changed(["facts"], undefined), /^facts/],
    ["a fact without a state", changed(["facts", "state"], { value: "Enabled" }), /^facts\.state/],
    ["a known fact without a value", changed(["facts", "state"], { state: "known" }), /^facts\.state/],
    ["a value of another type", changed(["facts", "state"], known(7)), /^facts\.state.*type/],
    ["a list of something else", changed(["facts", "trail_list"], known([{ arn: "x" }])), /^facts\.trail_list/],
    ["a part of another type", changed(["facts", "trail_status:x"], known({ logging: 1 })), /^facts\.trail_status:x/],
    ["a reason that is none", changed(["facts", "grants"], { ...denied, reason: "tired" }), /^facts\.grants/],
    ["nothing about what may be read", changed(["facts", "reads"], undefined), /^facts\.reads/],
  ])("is refused with %s", (_, broken, error) => {
    expect(parseSnapshotDocument(broken)).toEqual({ ok: false, error: expect.stringMatching(error) });
  });
});
