/** What is made of ARM's answers about keys: a fact at a time. */
import { describe, expect, it } from "vitest";
import { keyFacts, keyNamesPage, versionsPage } from "../../../src/collect/azure/schema/key.ts";
import { Refused } from "../../../src/collect/refusal.ts";
import { armKey, list, testHost, testVersion } from "../../support/azure-answers.ts";

const told = (answer: unknown) =>
  Object.fromEntries(
    Object.entries(keyFacts(answer)).map(([name, fact]) => [
      name,
      fact.state === "known" ? fact.value : `(${fact.reason})`,
    ]),
  );
const isUnread = (value: unknown) => typeof value === "string" && value.startsWith("(");
const attributes = (more: object) => armKey({ attributes: { ...armKey().properties.attributes, ...more } });
const without = (name: string) => {
  const { [name as "kty"]: _, ...properties } = armKey().properties;
  return { ...armKey(), properties };
};
const withoutSize = (kty: string) => armKey({ kty, keySize: undefined });

describe("a key", () => {
  it("as Azure tells it", () => {
    expect(told(armKey())).toEqual({
      existence: "present",
      deletion: null,
      read_uri: `https://${testHost}/keys/prod`,
      current_version: testVersion,
      key_type: "RSA-HSM",
      key_size: 3072,
      key_operations: ["unwrapKey", "wrapKey"],
      enabled: true,
      not_before: null,
      expires: null,
      tags: {},
      rotation_policy: null,
    });
  });

  it.each<readonly [string, unknown, string, unknown]>([
    ["a start", attributes({ nbf: 1_780_000_000 }), "not_before", 1_780_000_000_000],
    ["an end", attributes({ exp: 1_790_000_000 }), "expires", 1_790_000_000_000],
    ["an end at the beginning of time", attributes({ exp: 0 }), "expires", 0],
    ["an end that is null", attributes({ exp: null }), "expires", null],
    ["an end in words", attributes({ exp: "never" }), "expires", "(malformed)"],
    ["no size", without("keySize"), "key_size", "(not-reported)"],
    ["a curve in place of a size", withoutSize("EC-HSM"), "key_size", null],
    ["a curve, in other letters", withoutSize("ec"), "key_size", null],
    ["a type of tomorrow, and no size", withoutSize("ML-KEM"), "key_size", "(not-reported)"],
    ["a symmetric type, and no size", withoutSize("oct-HSM"), "key_size", "(not-reported)"],
    ["a size in words", armKey({ keySize: "3072" }), "key_size", "(malformed)"],
    ["no operations", without("keyOps"), "key_operations", null],
    ["operations that are null", armKey({ keyOps: null }), "key_operations", null],
    ["empty operations", armKey({ keyOps: [] }), "key_operations", []],
    ["operations in another order", armKey({ keyOps: ["b", "a"] }), "key_operations", ["a", "b"]],
    ["one operation, no list", armKey({ keyOps: "wrapKey" }), "key_operations", "(malformed)"],
    ["no type", without("kty"), "key_type", "(not-reported)"],
    ["a type of tomorrow", armKey({ kty: "ML-KEM" }), "key_type", "ML-KEM"],
    ["an empty type", armKey({ kty: "" }), "key_type", "(malformed)"],
    ["no address", without("keyUri"), "read_uri", "(not-reported)"],
    ["no version", without("keyUriWithVersion"), "current_version", "(not-reported)"],
    [
      "an address without a version",
      armKey({ keyUriWithVersion: "https://x/keys/a" }),
      "current_version",
      "(malformed)",
    ],
    ["tags", armKey({}, { tags: { "anthropic-org-x": "true" } }), "tags", { "anthropic-org-x": "true" }],
    ["no tags", { ...armKey(), tags: undefined }, "tags", {}],
    ["tags that are null", armKey({}, { tags: null }), "tags", {}],
    ["a tag that is no text", armKey({}, { tags: { a: 1 } }), "tags", "(malformed)"],
    ["disabled", attributes({ enabled: false }), "enabled", false],
    ["enabled in words", attributes({ enabled: "true" }), "enabled", "(malformed)"],
    ["neither enabled nor disabled", attributes({ enabled: undefined }), "enabled", "(not-reported)"],
    [
      "a policy that rotates",
      armKey({ rotationPolicy: { lifetimeActions: [{ action: { type: "Notify" } }, { action: { type: "Rotate" } }] } }),
      "rotation_policy",
      { rotates: true },
    ],
    [
      "a policy that only notifies",
      armKey({ rotationPolicy: { lifetimeActions: [{ action: { type: "notify" } }] } }),
      "rotation_policy",
      { rotates: false },
    ],
    ["a policy without actions", armKey({ rotationPolicy: {} }), "rotation_policy", { rotates: false }],
    ["a policy in words", armKey({ rotationPolicy: "P90D" }), "rotation_policy", "(malformed)"],
  ])("with %s", (_, answer, name, expected) => {
    const facts = told(answer);

    expect(facts[name]).toEqual(expected);
    expect(
      Object.entries(facts)
        .filter(([, value]) => isUnread(value))
        .map(([one]) => one),
    ).toEqual(isUnread(expected) ? [name] : []);
  });

  it("without properties tells that it is there, and nothing else is taken for null", () => {
    const { properties: _, ...answer } = armKey();

    expect(told(answer)).toMatchObject({
      existence: "present",
      tags: {},
      key_size: "(not-reported)",
      key_operations: "(not-reported)",
      expires: "(not-reported)",
      not_before: "(not-reported)",
      rotation_policy: "(not-reported)",
      enabled: "(not-reported)",
    });
  });

  const noObjects: readonly (readonly [unknown])[] = [[null], ["text"], [7], [[]]];

  it.each(noObjects)("with %j in place of properties does not pass for one that leaves them out", (properties) => {
    expect(told({ ...armKey(), properties })).toMatchObject({
      existence: "present",
      key_operations: "(malformed)",
      expires: "(not-reported)",
      not_before: "(not-reported)",
      rotation_policy: "(malformed)",
      enabled: "(not-reported)",
    });
  });

  it.each(noObjects)("with %j in place of attributes does not pass for one without an end", (wrong) => {
    expect(told(armKey({ attributes: wrong }))).toMatchObject({
      expires: "(malformed)",
      not_before: "(malformed)",
      enabled: "(not-reported)",
    });
  });

  it("without a type does not pass for one that has no size", () => {
    expect(told(armKey({ kty: undefined, keySize: undefined }))).toMatchObject({
      key_type: "(not-reported)",
      key_size: "(not-reported)",
    });
  });

  it("without attributes does not pass for one without an end", () => {
    expect(told(armKey({ attributes: undefined }))).toMatchObject({
      expires: "(not-reported)",
      not_before: "(not-reported)",
      enabled: "(not-reported)",
      key_type: "RSA-HSM",
    });
  });
});

describe("a page of versions", () => {
  const version = (more: object = {}) => ({
    name: testVersion,
    properties: { attributes: { enabled: true, ...more } },
  });

  it("has what is used of each", () => {
    const answer = list(version({ created: 1_780_000_000, exp: 1_790_000_000 }), version({ enabled: false, nbf: 1 }));

    expect(versionsPage(answer)).toEqual({
      items: [
        {
          version: testVersion,
          enabled: true,
          not_before: null,
          expires: 1_790_000_000_000,
          created: 1_780_000_000_000,
        },
        { version: testVersion, enabled: false, not_before: 1000, expires: null, created: null },
      ],
      next: undefined,
    });
  });

  it.each([
    [{}, "not-reported"],
    [{ value: null }, "malformed"],
    [{ value: {} }, "malformed"],
    [list(version({ enabled: undefined })), "malformed"],
    [list({ ...version(), name: undefined }), "malformed"],
    [list({ name: "x" }), "malformed"],
    [{ ...list(), nextLink: 5 }, "malformed"],
    [{ ...list(), nextLink: "next" }, "malformed"],
    [{ ...list(), nextLink: "http://management.azure.com/next" }, "malformed"],
  ])("%j is not known", (answer, reason) => {
    expect(() => versionsPage(answer)).toThrow(Refused);
    expect(() => versionsPage(answer)).toThrow(reason);
  });

  it.each([
    [{ value: [], nextLink: "https://x" }, "https://x"],
    [{ value: [], "@odata.nextLink": "https://y" }, "https://y"],
    [{ value: [], nextLink: "" }, undefined],
    [{ value: [], nextLink: null }, undefined],
  ])("%j goes on at %s", (answer, next) => {
    expect(versionsPage(answer).next).toBe(next);
  });
});

it("names of keys are told in lower case", () => {
  expect(keyNamesPage(list({ name: "Prod" }, { name: "dev" })).items).toEqual(["prod", "dev"]);
});
