import { describe, expect, it } from "vitest";
import { az, azKey, azVault, canBeListed } from "../../../src/access/azure/az.ts";
import { known, unreadable } from "../../../src/model/fact.ts";

const key = { host: "contoso.vault.azure.net", kind: "vault", vault: "contoso", key: "cmek" } as const;
const hsmKey = { host: "pool.managedhsm.azure.net", kind: "managed-hsm", vault: "pool", key: "cmek" } as const;
const subscription = "11111111-2222-3333-4444-555555555555";
const vault = known({
  id: `/subscriptions/${subscription}/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/contoso`,
});
const notRead = unreadable("access-denied", "");

describe("az", () => {
  it.each([
    ["a flag", az("keyvault show", { name: "contoso" }), "az keyvault show --name contoso"],
    ["flags in their order", az("x", { b: "2", a: "1" }), "az x --b 2 --a 1"],
    ["no flag", az("account show", {}), "az account show"],
    ["a list", az("x", { ops: ["wrapKey", "unwrapKey"] }), "az x --ops wrapKey unwrapKey"],
    ["a list of nothing, which clears", az("x", { tags: [] }), "az x --tags"],
    ["a word with blanks", az("x", { role: "Key Vault Crypto User" }), "az x --role 'Key Vault Crypto User'"],
    ["a quote", az("x", { tags: ["owner=O'Neill"] }), "az x --tags 'owner=O'\\''Neill'"],
    ["what a shell would run", az("x", { tags: ["a=$(id)", "b=;id"] }), "az x --tags 'a=$(id)' 'b=;id'"],
    ["nothing as a value", az("x", { name: "" }), "az x --name ''"],
    ["a value that looks like a flag", az("x", { name: "--force" }), "az x --name=--force"],
    ["a value that looks like a file", az("x", { name: "@/etc/passwd" }), "az x --name=@/etc/passwd"],
    ["an id", az("x", { ids: ["/subscriptions/s"] }), "az x --ids /subscriptions/s"],
  ])("writes %s", (_name, command, expected) => expect(command).toBe(expected));
});

describe("azKey", () => {
  it.each([
    ["a key of a vault", azKey("recover", key), "az keyvault key recover --vault-name contoso --name cmek"],
    ["a key of a managed HSM", azKey("recover", hsmKey), "az keyvault key recover --hsm-name pool --name cmek"],
    [
      "more flags",
      azKey("set-attributes", key, { version: "0a1b", enabled: "true" }),
      "az keyvault key set-attributes --vault-name contoso --name cmek --version 0a1b --enabled true",
    ],
    [
      "a name that begins with a dash, as it may",
      azKey("show", { ...key, key: "-cmek" }),
      "az keyvault key show --vault-name contoso --name=-cmek",
    ],
  ])("names %s", (_name, command, expected) => expect(command).toBe(expected));
});

describe("azVault", () => {
  const flags = { "enable-purge-protection": "true" };

  it.each([
    [
      "a vault",
      azVault("update", key, vault, flags),
      `az keyvault update --name contoso --subscription ${subscription} --enable-purge-protection true`,
    ],
    ["a vault whose id was not read", azVault("recover", key, notRead), "az keyvault recover --name contoso"],
    [
      "a vault whose id is in other letters",
      azVault("recover", key, known({ id: vault.value.id.toUpperCase() })),
      `az keyvault recover --name contoso --subscription ${subscription}`,
    ],
    ["an id of another form", azVault("recover", key, known({ id: "contoso" })), "az keyvault recover --name contoso"],
    [
      "a managed HSM, whose update has another name",
      azVault("update", hsmKey, notRead, flags),
      "az keyvault update-hsm --hsm-name pool --enable-purge-protection true",
    ],
    ["a managed HSM to recover", azVault("recover", hsmKey, notRead), "az keyvault recover --hsm-name pool"],
  ])("names %s", (_name, command, expected) => expect(command).toBe(expected));
});

describe("canBeListed", () => {
  it.each([
    ["team=payments", true],
    ["160.79.104.0/21", true],
    ["a-b@c", true],
    ["", true],
    ["--enabled=false", false],
    ["-x", false],
    ["@/etc/passwd", false],
  ])("%s: %s", (value, expected) => expect(canBeListed(value)).toBe(expected));
});
