import { describe, expect, it } from "vitest";
import { allCalls, quotaNames } from "../../src/collect/call-tables.ts";
import { quotaScopeOf } from "../../src/collect/registry.ts";
import { parseKeyResource } from "../../src/config/key-resource.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { quotaName } from "../../src/model/call.ts";
import { testKey } from "../support/aws-kms-key.ts";
import { testGcpKey } from "../support/gcp-kms-key.ts";

function budgets(of: Readonly<Record<string, number>>) {
  const text = JSON.stringify({ budgets: of });
  return parseConfig(text, { file: "keyposture.yaml", env: {}, knownCalls: quotaNames });
}

describe("a budget", () => {
  it("is given to what has a quota of its own, by that name", () => {
    const parsed = budgets({ "cloudkms:read": 2, "kms:GetKeyPolicy": 3 });
    expect(parsed.ok && parsed.config.budgets.rates).toEqual({ "cloudkms:read": 2, "kms:GetKeyPolicy": 3 });
  });

  it.each([
    ["cloudkms:ListCryptoKeys", 'budgets."cloudkms:ListCryptoKeys": unknown name; known here: cloudkms:read'],
    ["cloudkms:reed", 'budgets."cloudkms:reed": unknown name; did you mean "cloudkms:read"?'],
    ["logging:ListSinks", 'budgets."logging:ListSinks": unknown name; known here: logging:control'],
  ])("is not given to %s, and what is meant is said", (name, message) => {
    const parsed = budgets({ [name]: 2 });
    expect(parsed.ok ? [] : parsed.mistakes.map((mistake) => mistake.message)).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it("can be had by every call, under one name", () => {
    for (const [name, call] of Object.entries(allCalls)) {
      expect(quotaNames.filter((one) => one === quotaName(name, call))).toHaveLength(1);
    }
  });

  it("of calls that share it is published once", () => {
    const shared = Map.groupBy(Object.entries(allCalls), ([name, call]) => quotaName(name, call));
    for (const [quota, calls] of shared) {
      expect(new Set(calls.map(([, call]) => call.quota)).size, quota).toBe(1);
    }
  });
});

describe("the quota that a key is read on", () => {
  const gcp = { own_domains: [], own_projects: [], anthropic_customer_id: null, impersonate: null };

  const azure = { subscriptions: [], cloud: "public" as const };

  it.each([
    ["Google Cloud's own project", testGcpKey, null, testGcpKey.scope],
    ["the configured project's", testGcpKey, "scanner", "projects/scanner"],
    ["that of an account and region of AWS, whatever is configured for Google", testKey, "scanner", testKey.scope],
  ])("is %s", (_, key, quota_project, expected) => {
    expect(quotaScopeOf(key, { gcp: { ...gcp, quota_project }, azure })).toBe(expected);
  });

  const [one, other] = ["00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"];
  it.each([
    ["the only subscription's", [one], `subscriptions/${one}`],
    ["one for all of several subscriptions, as a name does not tell which", [one, other], "subscriptions"],
    ["one for all vaults that are registered with their ids", [], "subscriptions"],
  ])("is, for a key of Azure, %s", (_, subscriptions, expected) => {
    const parsed = parseKeyResource("https://acme.vault.azure.net/keys/claude");
    if (!parsed.ok) expect.fail(parsed.detail);
    const configured = { gcp: { ...gcp, quota_project: null }, azure: { ...azure, subscriptions } };
    expect(quotaScopeOf(parsed.resource, configured)).toBe(expected);
  });
});
