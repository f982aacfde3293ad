import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../../checks/index.ts";
import { isAzureFactValue } from "../../../src/access/azure/fact-forms.ts";
import { azureKeyDocument } from "../../../src/access/azure/key-document.ts";
import { azureVaultDocument } from "../../../src/access/azure/vault-document.ts";
import { type DocumentRules, judgeDocument } from "../../../src/audit/judge-document.ts";
import { known } from "../../../src/model/fact.ts";
import { newestGuidance } from "../../../src/model/guidance-revision.ts";
import {
  testAzureHost,
  testAzureKey,
  testAzureKeyUri,
  testAzureRegistration,
  testAzureVersion,
} from "../../support/azure-vault-key.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";
import { testAnthropicOrganization } from "../../support/gcp-kms-key.ts";

const { recognizes, read, facts, keys, tells, comesWith } = azureKeyDocument;
const nowhere = { account: null, key: null };

/** Of 3072 bits, the first of them set. */
const modulus = Buffer.alloc(384, 0xb7).toString("base64");
const attributes = {
  created: "2026-06-01T08:00:00+00:00",
  enabled: true,
  expires: "2027-06-01T00:00:00+00:00",
  exportable: false,
  notBefore: null,
  recoverableDays: 90,
  recoveryLevel: "Recoverable",
};
const material = {
  crv: null,
  e: "AQAB",
  keyOps: ["wrapKey", "unwrapKey"],
  kid: `${testAzureKeyUri}/${testAzureVersion}`,
  kty: "RSA-HSM",
  n: modulus,
};

/** As `az keyvault key show` prints it. */
function key(changes: Readonly<Record<string, unknown>> = {}) {
  return JSON.stringify({
    attributes,
    key: material,
    managed: null,
    releasePolicy: null,
    tags: { a: "b" },
    ...changes,
  });
}

function factsOf(text: string) {
  return facts(text, testAzureRegistration, testAzureKey);
}

describe("the document of a key", () => {
  it("is known by the key's identifier", () => {
    expect(recognizes(key())).toBe(true);
    expect(azureVaultDocument.recognizes(key())).toBe(false);
    expect(read(key())).toEqual({ ok: true, content: key() });
    expect(read("[]")).toMatchObject({ ok: false });
  });

  it("is read into the facts of a key that is there", () => {
    expect(factsOf(key())).toEqual({
      read_uri: known(testAzureKeyUri),
      current_version: known(testAzureVersion),
      key_type: known("RSA-HSM"),
      key_size: known(3072),
      key_operations: known(["wrapKey", "unwrapKey"]),
      enabled: known(true),
      not_before: known(null),
      expires: known(Date.UTC(2027, 5, 1)),
      tags: known({ a: "b" }),
      registration: known(testAzureRegistration),
      existence: known("present"),
    });
  });

  it("tells what it says it tells, in the form of a fact", () => {
    const told = factsOf(key());
    expect(Object.keys(told).toSorted()).toEqual([...tells, ...comesWith].filter((one) => one !== "reads").toSorted());
    for (const [name, fact] of Object.entries(told)) {
      if (fact.state === "known" && name !== "registration")
        expect(isAzureFactValue(name, fact.value), name).toBe(true);
    }
  });

  it("has null for what Azure left out", () => {
    const text = key({ tags: null, key: { ...material, keyOps: null } });
    expect(factsOf(text)).toMatchObject({ tags: known({}), key_operations: known(null) });
  });

  it("has no size of a key that is on a curve", () => {
    const text = key({ key: { ...material, kty: "EC", n: null, crv: "P-256" } });
    expect(factsOf(text)).toMatchObject({ key_type: known("EC"), key_size: known(null) });
  });

  it("counts the bits of any modulus, in either alphabet, with zeros in front", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.nat(3), fc.integer({ min: 128, max: 255 }), bytes, fc.boolean(), (zeros, first, rest, url) => {
        const n = Buffer.from([...new Array<number>(zeros).fill(0), first, ...rest]).toString(
          url ? "base64url" : "base64",
        );
        const told = factsOf(key({ key: { ...material, n } }))["key_size"];
        expect(told).toEqual(known((rest.length + 1) * 8));
      }),
    );
  });

  it.each([
    [{ tags: undefined }, ["tags"], "tags is not in the document"],
    [{ attributes: undefined }, ["enabled", "not_before", "expires"], "attributes is not in the document"],
    [{ attributes: { ...attributes, enabled: undefined } }, ["enabled"], "attributes.enabled is not in the document"],
    [{ attributes: { ...attributes, expires: "soon" } }, ["expires"], "attributes.expires is not a date"],
    [{ key: { ...material, n: undefined } }, ["key_size"], "key.n is not in the document"],
    [{ key: { ...material, n: "not base64!" } }, ["key_size"], "key.n is not the base64 text of a modulus"],
    [
      { key: { ...material, kid: testAzureKeyUri } },
      ["read_uri", "current_version"],
      "key.kid is not the identifier of a version of a key",
    ],
    [{ tags: { a: 1 } }, ["tags"], "tags.a is not a text"],
    [{ tags: [] }, ["tags"], "tags is not an object"],
  ])("with %j does not know %j, and nothing else", (changes, names, detail) => {
    const told = factsOf(key(changes));
    const gone = Object.entries(told).filter(([, { state }]) => state === "unreadable");
    expect(gone.map(([name]) => name).toSorted()).toEqual([...names].toSorted());
    for (const [, fact] of gone) expect(fact).toMatchObject({ detail });
  });

  it("belongs to the key that it names, whatever its letters", () => {
    const shouted = key({ key: { ...material, kid: `https://Customer-CMEK.vault.azure.net/keys/Anthropic/1` } });
    expect(keys(shouted, nowhere)).toEqual([testAzureKey]);
    const broken = key({ key: { ...material, kid: "x" } });
    expect(keys(broken, { account: testAzureHost, key: null })[0]?.account).toBe(testAzureHost);
    expect(keys(broken, nowhere)).toHaveLength(1);
    expect(keys(broken, { account: testAzureHost, key: testAzureKey })).toEqual([testAzureKey]);
  });
});

describe("checks of a key in a file", () => {
  const rules: DocumentRules = { catalogue, version: "1", guidance: newestGuidance, settings: testSettings };

  function judged(content: string) {
    const asked = { document: azureKeyDocument, content, origin: nowhere, registration: testAzureRegistration };
    return Object.fromEntries(judgeDocument(rules, asked, testTime).map(({ check, outcome }) => [check, outcome]));
  }

  it("are those that the key alone decides, and no other", () => {
    const tags = { [`anthropic-org-${testAnthropicOrganization}`]: "true" };
    expect(judged(key({ tags }))).toEqual({
      "azure/key-can-wrap-and-unwrap": "pass",
      "azure/key-enabled": "pass",
      "azure/key-not-expired": "pass",
      "azure/key-operations-wrap-only": "pass",
      "azure/key-rsa-3072": "pass",
      "azure/organization-tag": "pass",
      "azure/registered-vault-matches": "pass",
    });
  });

  it("fail what is too short, and do not know what is not in the document", () => {
    const short = { ...material, n: Buffer.alloc(256, 0xb7).toString("base64"), keyOps: undefined };
    expect(judged(key({ key: short, attributes: undefined }))).toMatchObject({
      "azure/key-rsa-3072": "fail",
      "azure/key-can-wrap-and-unwrap": "unknown",
      "azure/key-enabled": "unknown",
    });
  });
});
