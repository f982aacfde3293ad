import { describe, expect, it } from "vitest";
import type { GcpReader } from "../../../src/collect/gcp/reader.ts";
import {
  type Answer,
  answeringReader,
  bindingOf,
  cryptoKey,
  iamPolicy,
  keyVersion,
  testGcpKey,
  testRing,
} from "../../support/gcp-answers.ts";
import { gcpCollectorOf } from "../../support/gcp-collector.ts";
import { told } from "../../support/told.ts";

const read = (own: Partial<Record<keyof GcpReader, Answer>> = {}) =>
  gcpCollectorOf(answeringReader(own)).readKey(testGcpKey, "full", Date.now() + 10_000);

/** The list of a ring in which the key has these fields, in place of the good ones; undefined takes one away. */
const listed = (change: object) => ({ listCryptoKeys: { cryptoKeys: [{ ...cryptoKey(), ...change }] } });

const unreadableOf = (facts: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => typeof value === "string" && value.startsWith("(")));

describe("the entry of a key in the list of its ring", () => {
  it("tells every fact", async () => {
    expect(told(await read())).toMatchObject({
      existence: "present",
      read_name: testGcpKey.resource,
      purpose: "ENCRYPT_DECRYPT",
      primary: {
        number: 2,
        state: "ENABLED",
        protection_level: "HSM",
        algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION",
        created: 1_780_000_000_500,
        destroyed: null,
        imported: false,
      },
      template: { protection_level: "HSM", algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION" },
      rotation: { period: 7_776_000_000, next: 1_800_000_000_500 },
      destroy_delay: 2_592_000_000,
      import_only: false,
      labels: { team: "payments" },
      justifications: null,
    });
  });

  it.each<readonly [string, object, object]>([
    ["no primary version", { primary: null }, { primary: null }],
    ["no template", { versionTemplate: null }, { template: null }],
    ["no rotation", { rotationPeriod: undefined, nextRotationTime: null }, { rotation: { period: null, next: null } }],
    ["a date of rotation alone", { rotationPeriod: null }, { rotation: { period: null, next: 1_800_000_000_500 } }],
    ["no labels", { labels: {} }, { labels: {} }],
    [
      "a justification policy",
      { keyAccessJustificationsPolicy: { allowedAccessReasons: ["B", "A"] } },
      { justifications: { allowed_reasons: ["A", "B"] } },
    ],
    [
      "a justification policy that allows nothing",
      { keyAccessJustificationsPolicy: { allowedAccessReasons: [] } },
      { justifications: { allowed_reasons: [] } },
    ],
    ["an enum value that the client does not know", { purpose: 99 }, { purpose: "99" }],
    ["fields that nobody asked for", { added: { later: true } }, { purpose: "ENCRYPT_DECRYPT" }],
  ])("with %s", async (_, change, expected) => {
    const facts = told(await read(listed(change)));

    expect(facts).toMatchObject(expected);
    expect(unreadableOf(facts)).toEqual({});
  });

  it.each<readonly [object, string, string]>([
    [{ purpose: undefined }, "purpose", "not-reported"],
    [{ purpose: "CRYPTO_KEY_PURPOSE_UNSPECIFIED" }, "purpose", "not-reported"],
    [{ purpose: { a: 1 } }, "purpose", "malformed"],
    [{ primary: undefined }, "primary", "not-reported"],
    [{ primary: { ...keyVersion(1), state: "CRYPTO_KEY_VERSION_STATE_UNSPECIFIED" } }, "primary", "malformed"],
    [{ primary: { ...keyVersion(1), name: "projects/p/versions/1" } }, "primary", "malformed"],
    [{ primary: { ...keyVersion(1), createTime: { seconds: "soon" } } }, "primary", "malformed"],
    [{ versionTemplate: undefined }, "template", "not-reported"],
    [{ versionTemplate: { algorithm: "X" } }, "template", "malformed"],
    [{ rotationPeriod: { seconds: "often" } }, "rotation", "malformed"],
    [{ nextRotationTime: "2026-01-01" }, "rotation", "malformed"],
    [{ destroyScheduledDuration: null }, "destroy_delay", "not-reported"],
    [{ destroyScheduledDuration: undefined }, "destroy_delay", "not-reported"],
    [{ destroyScheduledDuration: "30d" }, "destroy_delay", "malformed"],
    [{ importOnly: undefined }, "import_only", "not-reported"],
    [{ importOnly: "no" }, "import_only", "malformed"],
    [{ labels: undefined }, "labels", "not-reported"],
    [{ labels: { team: 7 } }, "labels", "malformed"],
    [{ keyAccessJustificationsPolicy: undefined }, "justifications", "not-reported"],
    [{ keyAccessJustificationsPolicy: { allowedAccessReasons: "all" } }, "justifications", "malformed"],
  ])("with %j leaves %s %s, and the other facts known", async (change, fact, reason) => {
    expect(unreadableOf(told(await read(listed(change))))).toEqual({ [fact]: `(${reason})` });
  });
});

describe("a list that is not as documented", () => {
  it.each<readonly [string, Answer, string]>([
    ["is no object", null, "not-reported"],
    ["has no keys", { nextPageToken: "" }, "not-reported"],
    ["has something else for keys", { cryptoKeys: "none" }, "malformed"],
    ["has a key without a name", { cryptoKeys: [cryptoKey(), { purpose: "ENCRYPT_DECRYPT" }] }, "malformed"],
    ["has a key with another name", { cryptoKeys: [cryptoKey(), { name: "projects/p" }] }, "malformed"],
    ["has something else for the next page", { cryptoKeys: [], nextPageToken: 7 }, "malformed"],
    ["goes in a circle", { cryptoKeys: [], nextPageToken: "again" }, "malformed"],
  ])("tells nothing where it %s", async (_, list, reason) => {
    const facts = told(await read({ listCryptoKeys: list }));

    expect(unreadableOf(facts)).toEqual({ "cloudkms:ListCryptoKeys": `(${reason})` });
    expect(facts).not.toHaveProperty("existence");
  });
});

it("a page without keys in the middle of a list is not its end", async () => {
  const keys = [[cryptoKey(`${testRing}/cryptoKeys/a`)], [], [cryptoKey()]];
  const list: Answer = (_ring, next = "0") => ({
    cryptoKeys: keys[Number(next)],
    nextPageToken: next === "2" ? "" : String(Number(next) + 1),
  });

  expect(told(await read({ listCryptoKeys: list }))["existence"]).toBe("present");
});

describe("the versions of a key", () => {
  const pages =
    (...all: readonly object[][]): Answer =>
    (_key, next = "0") => ({
      cryptoKeyVersions: all[Number(next)],
      nextPageToken: Number(next) + 1 < all.length ? String(Number(next) + 1) : "",
    });

  it("are read to the last page, and told by number", async () => {
    const facts = told(
      await read({ listCryptoKeyVersions: pages([keyVersion(10), keyVersion(9)], [keyVersion(2)], [keyVersion(1)]) }),
    );

    expect(facts["versions"]).toMatchObject([{ number: 1 }, { number: 2 }, { number: 9 }, { number: 10 }]);
  });

  it.each([
    [{ importJob: "projects/p/importJobs/i" }, { imported: true }],
    [{ importTime: { seconds: "5", nanos: 0 } }, { imported: true }],
    [{ destroyTime: { seconds: "9", nanos: 0 } }, { destroyed: 9000 }],
    [{ destroyTime: { seconds: "9", nanos: 0 }, destroyEventTime: { seconds: "8", nanos: 0 } }, { destroyed: 8000 }],
    [{ createTime: null }, { created: null }],
    [{ state: 77 }, { state: "77" }],
  ])("with %j", async (change, expected) => {
    const versions = { cryptoKeyVersions: [{ ...keyVersion(1), ...change }] };

    expect(told(await read({ listCryptoKeyVersions: versions }))["versions"]).toMatchObject([expected]);
  });

  it.each<readonly [Answer, string]>([
    [{ nextPageToken: "" }, "(not-reported)"],
    [{ cryptoKeyVersions: [{ ...keyVersion(1), state: undefined }] }, "(malformed)"],
    [{ cryptoKeyVersions: [{ ...keyVersion(1), name: "one" }] }, "(malformed)"],
    [{ cryptoKeyVersions: [{ ...keyVersion(1), importTime: 5 }] }, "(malformed)"],
  ])("are not known with %j", async (answer, reason) => {
    const facts = told(await read({ listCryptoKeyVersions: answer }));

    expect(unreadableOf(facts)).toEqual({ "cloudkms:ListCryptoKeyVersions": reason });
  });
});

describe("the policy of a key and of its ring", () => {
  const condition = { title: "ends", expression: 'request.time < timestamp("2027-01-01T00:00:00Z")', location: "" };

  it("is told in an order of our own, and without an etag", async () => {
    const bindings = [
      { ...bindingOf("roles/b", "user:z@x.example", "allUsers"), condition },
      bindingOf("roles/b", "group:g@x.example"),
      bindingOf("roles/a"),
    ];
    const expected = {
      version: 3,
      bindings: [
        { role: "roles/a", members: [], condition: null },
        {
          role: "roles/b",
          members: ["allUsers", "user:z@x.example"],
          condition: { title: "ends", expression: condition.expression },
        },
        { role: "roles/b", members: ["group:g@x.example"], condition: null },
      ],
      audit_configs: [],
    };

    const facts = told(await read({ getCryptoKeyIamPolicy: iamPolicy(...bindings) }));
    const shuffled = bindings.map((one) => ({ ...one, members: one.members.toReversed() })).toReversed();
    const again = told(await read({ getCryptoKeyIamPolicy: iamPolicy(...shuffled) }));

    expect(facts["key_policy"]).toEqual(expected);
    expect(again["key_policy"]).toEqual(expected);
  });

  it.each<readonly [Answer, string]>([
    [{}, "(malformed)"],
    [{ ...iamPolicy(), version: "three" }, "(malformed)"],
    [{ ...iamPolicy(), bindings: undefined }, "(malformed)"],
    [iamPolicy({ role: "", members: [] }), "(malformed)"],
    [iamPolicy({ role: "roles/a" }), "(malformed)"],
    [iamPolicy({ role: "roles/a", members: [""] }), "(malformed)"],
    [iamPolicy({ role: "roles/a", members: [], condition: { title: "x" } }), "(malformed)"],
  ])("is not known with %j", async (policy, reason) => {
    const ofKey = told(await read({ getCryptoKeyIamPolicy: policy }));
    const ofRing = told(await read({ getKeyRingIamPolicy: policy }));

    expect(unreadableOf(ofKey)).toEqual({ key_policy: reason });
    expect(unreadableOf(ofRing)).toEqual({ [`ring_policy:${testRing}`]: reason });
  });

  it("that is no answer at all is malformed", async () => {
    expect(unreadableOf(told(await read({ getCryptoKeyIamPolicy: null })))).toEqual({
      "cloudkms:GetCryptoKeyIamPolicy": "(malformed)",
    });
  });
});
