import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyNamePattern } from "../../src/config/key-name.ts";
import { parseKeyResource } from "../../src/config/key-resource.ts";

const vault = "https://acme-cmek.vault.azure.net";
const arm = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault";

describe("parseKeyResource, of a key in Azure", () => {
  it.each([
    [`${vault}/keys/claude`, "acme-cmek.vault.azure.net", "claude"],
    ["https://ACME-CMEK.vault.azure.net/keys/Claude/", "acme-cmek.vault.azure.net", "claude"],
    ["HTTPS://acme.managedhsm.azure.net/keys/k", "acme.managedhsm.azure.net", "k"],
    ["https://acme.vault.usgovcloudapi.net/keys/k", "acme.vault.usgovcloudapi.net", "k"],
    ["https://acme.managedhsm.azure.cn/keys/k-1", "acme.managedhsm.azure.cn", "k-1"],
    [`${vault}/keys/--hidden`, "acme-cmek.vault.azure.net", "hidden", "--hidden"],
    [`${vault}/keys/-`, "acme-cmek.vault.azure.net", "key", "-"],
  ])("reads %s", (text, host, name, key = name) => {
    expect(parseKeyResource(text)).toEqual({
      ok: true,
      default_name: name,
      resource: {
        provider: "azure",
        kind: "azure.vault-key",
        resource: `https://${host}/keys/${key}`,
        scope: `vaults/${host}`,
        account: host,
        location: null,
      },
    });
  });

  it.each([
    [
      "a version",
      `${vault}/keys/Claude/0123456789abcdef0123456789abcdef`,
      `it names version 0123456789abcdef0123456789abcdef of a key, and all versions are watched; give the key itself: ${vault}/keys/claude`,
    ],
    ["a vault", vault, "it names no key of the vault"],
    ["a vault with a slash", `${vault}/`, "it names no key of the vault"],
    ["the keys of a vault", `${vault}/keys`, "it names no key of the vault"],
    ["a secret", `${vault}/secrets/claude`, "it names one of the vault's secrets"],
    ["a certificate", `${vault}/certificates/claude`, "it names one of the vault's certificates"],
    ["something else", `${vault}/deletedkeys/claude`, "it names no key of the vault"],
    ["more than a version", `${vault}/keys/k/v/encrypt`, "it goes on after the key"],
    ["no https", "http://acme-cmek.vault.azure.net/keys/k", "it does not begin with https://"],
    ["no scheme", "acme-cmek.vault.azure.net/keys/k", "it does not begin with https://"],
    ["a port", "https://acme-cmek.vault.azure.net:443/keys/k", "where the vault's host belongs"],
    ["a user", "https://me@acme-cmek.vault.azure.net/keys/k", "where the vault's host belongs"],
    ["a host below the vault", "https://a.b.vault.azure.net/keys/k", 'its vault is "a.b"'],
    ["a vault with two dashes", "https://a--b.vault.azure.net/keys/k", 'its vault is "a--b"'],
    ["a short vault", "https://ab.vault.azure.net/keys/k", "3 to 24 letters"],
    ["a long vault", `https://${"a".repeat(25)}.vault.azure.net/keys/k`, "3 to 24 letters"],
    ["a query", `${vault}/keys/k?api-version=7.4`, 'its key is "k?api-version=7.4"'],
    ["an underscore", `${vault}/keys/a_b`, "letters, digits and dashes"],
    ["a long key", `${vault}/keys/${"k".repeat(128)}`, "1 to 127"],
    ["an ARM id", `${arm}/vaults/Acme/keys/Claude`, "the address of the key, https://acme.vault.azure.net/keys/claude"],
    ["an ARM id of a vault", `${arm}/vaults/acme`, "https://acme.vault.azure.net/keys/<key>"],
    ["an ARM id of an HSM", `${arm}/managedHSMs/acme/keys/k`, "https://acme.managedhsm.azure.net/keys/k"],
    ["spaces", `${vault}/keys/my key`, "spaces"],
  ])("says what is wrong with %s", (_, text, detail) => {
    expect(parseKeyResource(text)).toEqual({ ok: false, detail: expect.stringContaining(detail) });
  });

  it("has one name for however a key is written, and a default name that can be a name", () => {
    const host = fc.stringMatching(/^[a-z](?:-?[a-z0-9]){2,11}$/);
    const key = fc.stringMatching(/^[A-Za-z0-9-]{1,127}$/);
    fc.assert(
      fc.property(host, key, fc.boolean(), (name, id, slash) => {
        const text = `https://${name}.vault.azure.net/keys/${id}`;
        const parsed = parseKeyResource(text);
        if (!parsed.ok) expect.fail(parsed.detail);
        expect(parsed.resource.resource).toBe(text.toLowerCase());
        expect(parseKeyResource(text.toUpperCase() + (slash ? "/" : ""))).toEqual(parsed);
        expect(parsed.default_name.slice(0, 63)).toMatch(keyNamePattern);
      }),
    );
  });
});
