import { describe, expect, it } from "vitest";
import { RefusedCalls } from "../../src/audit/refused-calls.ts";
import { allCalls, callTables } from "../../src/collect/call-tables.ts";
import { known, type Unreadable, unreadable } from "../../src/model/fact.ts";
import type { Reading } from "../../src/model/reading.ts";
import type { Provider } from "../../src/model/resource.ts";

const reading = (call: string, answer: Unreadable) => ({ call, part: null, at: 1, answer });

function listOf(...answers: readonly (readonly [string, Unreadable])[]) {
  const refused = new RefusedCalls(allCalls);
  refused.add(answers.map(([call, answer]) => reading(call, answer)));
  return refused.list();
}

describe("the refused calls of a scan", () => {
  it("are each named once, with what they need", () => {
    const denied = unreadable("access-denied", "no");

    expect(listOf(["kms:ListGrants", denied], ["kms:ListGrants", denied], ["kms:DescribeKey", denied])).toEqual([
      { call: "kms:DescribeKey", permission: "kms:DescribeKey", reason: "access-denied", detail: "no", subjects: 1 },
      { call: "kms:ListGrants", permission: "kms:ListGrants", reason: "access-denied", detail: "no", subjects: 2 },
    ]);
  });

  it("are those that were refused, not those that were never made for it", () => {
    const denied = unreadable("access-denied", "no", { call: "sts:AssumeRole", permission: "sts:AssumeRole" });

    expect(listOf(["kms:ListGrants", denied], ["kms:DescribeKey", denied])).toEqual([
      { call: "sts:AssumeRole", permission: "sts:AssumeRole", reason: "access-denied", detail: "no", subjects: 2 },
    ]);
  });

  it("hold an answer that did not tell all, once for each reason", () => {
    const refused = new RefusedCalls(callTables.aws);
    const missing = (name: string) => unreadable("not-reported", `the answer has no ${name}`);
    const facts = {
      state: missing("KeyState"),
      deletion_date: missing("KeyState"),
      spec: unreadable("malformed", "5"),
    };
    refused.add([{ call: "kms:DescribeKey", part: null, at: 1, answer: { state: "seen", facts } }]);

    expect(refused.list().map(({ call, reason, detail, subjects }) => [call, reason, detail, subjects])).toEqual([
      ["kms:DescribeKey", "malformed", "5", 1],
      ["kms:DescribeKey", "not-reported", "the answer has no KeyState", 1],
    ]);
  });

  it("name what is no call and needs no permission", () => {
    const expired = unreadable("access-denied", "the credentials have expired", { call: "credentials" });

    expect(listOf(["kms:ListGrants", expired], ["kms:DescribeKey", expired])).toMatchObject([
      { call: "credentials", permission: null, subjects: 2 },
    ]);
  });

  it("name the permission that was missing, where it is another one than the call's own, or none", () => {
    const call = "iam:ListDenyPolicies";
    const own = unreadable("access-denied", "own", { call, permission: "iam.denypolicies.list" });
    const quota = unreadable("access-denied", "quota", { call, permission: "serviceusage.services.use" });
    const none = unreadable("access-denied", "the perimeter", { call });

    const told = listOf(
      ["iam:GetDenyPolicy", own],
      ["iam:GetDenyPolicy", quota],
      ["iam:GetDenyPolicy", { ...none, call: "iam:GetDenyPolicy" }],
    );

    expect(told).toMatchObject([
      { call: "iam:GetDenyPolicy", permission: null, detail: "the perimeter", subjects: 1 },
      { call, permission: "iam.denypolicies.list", detail: "own", subjects: 1 },
      { call, permission: "serviceusage.services.use", detail: "quota", subjects: 1 },
    ]);
  });

  it("count a reading once that comes with several keys", () => {
    const refused = new RefusedCalls(allCalls);
    const shared = reading("cloudkms:GetKeyRingIamPolicy", unreadable("access-denied", "no"));
    for (let key = 0; key < 3; key += 1) refused.add([shared]);

    expect(refused.list()).toMatchObject([{ call: "cloudkms:GetKeyRingIamPolicy", subjects: 1 }]);
  });

  describe("of a key that is not there", () => {
    const notFound = unreadable("not-found", "gone");
    const calls = {
      aws: ["kms:DescribeKey", "kms:GetKeyPolicy"],
      gcp: ["cloudkms:ListCryptoKeys", "cloudkms:GetCryptoKeyIamPolicy"],
      azure: ["keyvault:GetKey", "keyvault:ListKeyVersions"],
    } as const satisfies Record<Provider, readonly [string, string]>;
    const existing = (call: string, existence: "present" | "absent"): Reading => ({
      call,
      part: null,
      at: 1,
      answer: { state: "seen", facts: { existence: known(existence), state: notFound } },
    });
    const callsOf = (...readings: readonly Reading[]) => {
      const refused = new RefusedCalls(allCalls);
      refused.add(readings);
      return refused.list().map(({ call, reason }) => `${call} ${reason}`);
    };
    const providers = Object.entries(calls);

    it.each(providers)("%s: do not hold what is not found, since that is known", (_, [tells, other]) => {
      expect(callsOf(existing(tells, "absent"), reading(other, notFound))).toEqual([]);
      expect(callsOf(reading(other, notFound), existing(tells, "absent"))).toEqual([]);
    });

    it.each(providers)("%s: hold what is not found while the key is there, or may be", (_, [tells, other]) => {
      const listed = [`${other} not-found`, `${tells} not-found`].toSorted();
      expect(callsOf(existing(tells, "present"), reading(other, notFound))).toEqual(listed);
      expect(callsOf(reading(tells, notFound), reading(other, notFound))).toEqual(listed);
    });

    it.each([
      ["cloudkms:ListCryptoKeys", "cloudkms:GetKeyRingIamPolicy"],
      ["keyvault:GetKey", "keyvault:GetVault"],
      ["keyvault:GetKey", "keyvault:ListKeys"],
      ["keyvault:GetKey", "keyvault:ListPerimeterConfigurations"],
      ["keyvault:GetKey", "insights:ListDiagnosticSettings"],
    ])("%s: do not hold %s, where what held the key is gone with it", (tells, ofHolder) => {
      expect(callsOf(existing(tells, "absent"), reading(ofHolder, notFound))).toEqual([]);
      expect(callsOf(reading(tells, notFound), reading(ofHolder, notFound))).toContain(`${ofHolder} not-found`);
      const denied = reading(ofHolder, unreadable("access-denied", "no"));
      expect(callsOf(existing(tells, "absent"), denied)).toEqual([`${ofHolder} access-denied`]);
    });

    it("hold what another key that is there shares with one that is gone", () => {
      const refused = new RefusedCalls(allCalls);
      const shared = reading("keyvault:ListPerimeterConfigurations", notFound);
      for (const existence of ["absent", "present", "present"] as const) {
        const facts = { existence: known(existence) };
        refused.add([{ call: "keyvault:GetKey", part: null, at: 1, answer: { state: "seen", facts } }, shared]);
      }

      expect(refused.list()).toMatchObject([{ call: "keyvault:ListPerimeterConfigurations", subjects: 1 }]);
    });

    it("hold what was refused for another reason", () => {
      const denied = reading("kms:GetKeyPolicy", unreadable("access-denied", "no"));
      expect(callsOf(existing("kms:DescribeKey", "absent"), denied)).toEqual(["kms:GetKeyPolicy access-denied"]);
    });

    it("hold what is not found of anything else", () => {
      const gone = existing("cloudkms:ListCryptoKeys", "absent");
      const role = { ...reading("iam:GetRole", notFound), part: "projects/acme/roles/old" };
      expect(callsOf(gone, role)).toEqual(["iam:GetRole not-found"]);

      const ofAnother = unreadable("not-found", "no such role", { call: "sts:AssumeRole" });
      expect(callsOf(existing("kms:DescribeKey", "absent"), reading("kms:ListGrants", ofAnother))).toEqual([
        "sts:AssumeRole not-found",
      ]);
    });

    it("hold what is not found of another key", () => {
      const refused = new RefusedCalls(allCalls);
      refused.add([existing("kms:DescribeKey", "absent")]);
      refused.add([reading("kms:GetKeyPolicy", notFound)]);

      expect(refused.list()).toMatchObject([{ call: "kms:GetKeyPolicy", subjects: 1 }]);
    });
  });

  it("do not hold what was left out on purpose, nor what was seen", () => {
    const refused = new RefusedCalls(callTables.aws);
    refused.add([
      reading("kms:ListResourceTags", unreadable("not-read-yet", "not needed")),
      { call: "kms:ListGrants", part: null, at: 1, answer: { state: "seen", facts: { grants: known([]) } } },
    ]);

    expect(refused.list()).toEqual([]);
  });
});
