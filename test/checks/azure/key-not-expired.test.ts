import { expect, it } from "vitest";
import { keyNotExpired } from "../../../checks/azure/key-not-expired.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureVaultKey, testAzureVersion } from "../../support/azure-vault-key.ts";
import { testCheck, testSettings, testTime } from "../../support/check-tester.ts";
import { offeredCommands } from "../../support/offered-commands.ts";

const second = 1000;
const day = 86_400_000;
const notice = testSettings.key_expiry_notice;
const denied = unreadable("access-denied", "");

const expiring = (expires: number) => azureVaultKey({ expires: known(expires) });
const starting = (not_before: number) => azureVaultKey({ not_before: known(not_before) });

testCheck(keyNotExpired, {
  pass: [
    { name: "no term", resource: azureVaultKey(), message: "is in force and does not expire" },
    { name: "no term, in a managed HSM", resource: azureHsmKey() },
    { name: "in force since long", resource: starting(testTime - 100 * day) },
    { name: "in force from now on", resource: starting(testTime) },
    {
      name: "expires after the notice",
      resource: expiring(testTime + notice + second),
      message: "expires at 2026-12-22T12:00:01Z only",
    },
    {
      name: "expires soon, and a shorter notice is set",
      resource: expiring(testTime + 10 * day),
      settings: { key_expiry_notice: 7 * day },
    },
    {
      name: "in force for a while",
      resource: azureVaultKey({ not_before: known(testTime - day), expires: known(testTime + 365 * day) }),
    },
  ],
  fail: [
    {
      name: "expired",
      resource: expiring(testTime - day),
      message: "the current version expired at 2026-11-21T12:00:00Z: it only unwraps",
    },
    { name: "expires at this moment", resource: expiring(testTime), message: "expired at 2026-11-22T12:00:00Z" },
    { name: "expires next", resource: expiring(testTime + second), message: /expires at 2026-11-22T12:00:01Z$/ },
    {
      name: "expires with the notice",
      resource: expiring(testTime + notice),
      message: "expires at 2026-12-22T12:00:00Z",
    },
    {
      name: "expires later, and a longer notice is set",
      resource: expiring(testTime + notice + second),
      settings: { key_expiry_notice: notice + day },
      message: "expires at 2026-12-22T12:00:01Z",
    },
    {
      name: "not in force yet",
      resource: starting(testTime + second),
      message: "does not come into force before 2026-11-22T12:00:01Z",
    },
    {
      name: "not in force yet, and soon not any more",
      resource: azureVaultKey({ not_before: known(testTime + day), expires: known(testTime + 2 * day) }),
      message: "does not come into force before 2026-11-23T12:00:00Z, and expires at 2026-11-24T12:00:00Z",
    },
    {
      name: "expired, in a managed HSM",
      resource: azureHsmKey({ expires: known(testTime - day) }),
      message: "expired at",
    },
  ],
  "not-applicable": [
    {
      name: "no such key",
      resource: azureVaultKey({ existence: known("absent"), expires: unreadable("not-found", "") }),
    },
  ],
  unknown: [
    { name: "the end is not reported", resource: azureVaultKey({ expires: denied }) },
    { name: "the start is not reported", resource: azureVaultKey({ not_before: denied }) },
    { name: "the version is not reported", resource: azureVaultKey({ current_version: denied }) },
    { name: "whether there is such a key is not known", resource: azureVaultKey({ existence: denied }) },
  ],
});

it("names the benchmark that wants an end", () => {
  expect(keyNotExpired.conflicts).toMatchObject([{ framework: "CIS Azure Foundations", id: "8.3.1" }]);
});

const setAttributes = `az keyvault key set-attributes --vault-name customer-cmek --name anthropic --version ${testAzureVersion}`;

it.each([
  ["an end", expiring(testTime), [`${setAttributes} --expires 2027-12-22T12:00:00Z`]],
  ["a start", starting(testTime + day), [`${setAttributes} --not-before 2026-11-22T12:00:00Z`]],
  [
    "both",
    azureVaultKey({ not_before: known(testTime + day), expires: known(testTime + 2 * day) }),
    [`${setAttributes} --not-before 2026-11-22T12:00:00Z --expires 2027-12-22T12:00:00Z`],
  ],
])("moves %s", (_name, resource, commands) => expect(offeredCommands(keyNotExpired, resource)).toEqual(commands));
