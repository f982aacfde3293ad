import { expect, it } from "vitest";
import { earlierVersionsEnabled } from "../../../checks/azure/earlier-versions-enabled.ts";
import type { AzureKeyVersion } from "../../../src/model/azure.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { azureHsmKey, azureRegistration, azureVaultKey, azureVersion } from "../../support/azure-vault-key.ts";
import { testCheck } from "../../support/check-tester.ts";
import { offeredCommands } from "../../support/offered-commands.ts";

const march = Date.UTC(2026, 2, 1);
const may = Date.UTC(2026, 4, 1);
const september = Date.UTC(2026, 8, 1);
const inUseSince = "2026-07-01";

/** A key of these versions, the oldest first, `v1`, `v2`, …; the last one is current. */
function withVersions(versions: readonly Partial<AzureKeyVersion>[], in_use_since: string | null = null) {
  return azureVaultKey(factsOf(versions, in_use_since));
}

function factsOf(versions: readonly Partial<AzureKeyVersion>[], in_use_since: string | null) {
  return {
    versions: known(versions.map((version, index) => azureVersion({ version: `v${index + 1}`, ...version }))),
    current_version: known(`v${versions.length}`),
    registration: known(azureRegistration({ in_use_since })),
  };
}

const off = { enabled: false };
const denied = unreadable("access-denied", "");

testCheck(earlierVersionsEnabled, {
  pass: [
    { name: "all enabled", resource: withVersions([{}, {}, {}]), message: /counts is enabled$/ },
    { name: "only one version", resource: azureVaultKey() },
    {
      name: "an expired one still unwraps",
      resource: withVersions([{ expires: may }, { not_before: may, expires: september }, {}]),
    },
    { name: "one that is not in force yet", resource: withVersions([{ not_before: Date.UTC(2030, 0, 1) }, {}]) },
    { name: "the current one is off: another check says so", resource: withVersions([{}, off]) },
    {
      name: "one that had a successor before the key came into use",
      resource: withVersions([{ ...off, created: march }, { created: may }, { created: september }], inUseSince),
      message: "replaced before 2026-07-01, and disabled: v1",
    },
    {
      name: "several that had successors before the key came into use",
      resource: withVersions([{ ...off, created: march }, { ...off, created: march }, { created: may }], inUseSince),
      message: "and disabled: v1, v2",
    },
    {
      name: "one that had a successor which is not told since when, and that one had another before the key came into use",
      resource: withVersions([{ ...off, created: march }, { created: null }, { created: may }], inUseSince),
      message: "and disabled: v1",
    },
    { name: "all enabled, in a managed HSM", resource: azureHsmKey(factsOf([{}, {}], null)) },
  ],
  fail: [
    { name: "disabled", resource: withVersions([off, {}, {}]), message: /^version v1 is disabled$/ },
    {
      name: "several disabled",
      resource: withVersions([off, {}, off, {}]),
      message: "version v1 is disabled; version v3 is disabled",
    },
    {
      name: "disabled and expired",
      resource: withVersions([{ ...off, expires: may }, {}]),
      message: "version v1 is disabled",
    },
    {
      name: "disabled, and nobody said since when the key is in use",
      resource: withVersions([{ ...off, created: march }, { created: may }]),
      message: "version v1 is disabled",
    },
    {
      name: "replaced after the key came into use",
      resource: withVersions([{ ...off, created: march }, { created: september }], inUseSince),
      message: "version v1 is disabled",
    },
    {
      name: "replaced at the moment when the key came into use",
      resource: withVersions([{ ...off, created: march }, { created: Date.UTC(2026, 6, 1) }], inUseSince),
      message: "version v1 is disabled",
    },
    {
      name: "replaced, and not told when",
      resource: withVersions([{ ...off, created: march }, { created: null }], inUseSince),
      message: "version v1 is disabled",
    },
    {
      name: "not told since when it is there",
      resource: withVersions([{ ...off, created: null }, { created: may }], inUseSince),
      message: "version v1 is disabled",
    },
    {
      name: "made at the same moment as another",
      resource: withVersions([{ ...off, created: may }, { created: may }], inUseSince),
      message: "version v1 is disabled",
    },
    {
      name: "one that was replaced before does not count, another one does",
      resource: withVersions(
        [{ ...off, created: march }, { ...off, created: may }, { created: september }],
        inUseSince,
      ),
      message: /^version v2 is disabled$/,
    },
    {
      name: "one newer than the current one",
      resource: azureVaultKey({ ...factsOf([{}, off], null), current_version: known("v1") }),
      message: "version v2 is disabled",
    },
    {
      name: "disabled, in a list without the current version",
      resource: azureVaultKey({
        versions: known([azureVersion({ version: "v1", enabled: false })]),
        current_version: known("v2"),
      }),
    },
    {
      name: "disabled, in a managed HSM",
      resource: azureHsmKey(factsOf([off, {}], null)),
      message: "version v1 is disabled",
    },
  ],
  "not-applicable": [
    {
      name: "no such key",
      resource: azureVaultKey({ existence: known("absent"), versions: unreadable("not-found", "") }),
    },
  ],
  unknown: [
    { name: "the versions may not be listed", resource: azureVaultKey({ versions: denied }) },
    {
      name: "an empty list, of a key that has a version",
      resource: azureVaultKey({ versions: known([]) }),
      message: "does not have the current version",
    },
    {
      name: "a list without the current version",
      resource: azureVaultKey({ versions: known([azureVersion({ version: "v1" })]), current_version: known("v2") }),
    },
    { name: "which version is current is not reported", resource: azureVaultKey({ current_version: denied }) },
    { name: "whether there is such a key is not known", resource: azureVaultKey({ existence: denied }) },
  ],
});

it("enables each that counts", () => {
  const versions = [
    { ...off, created: march },
    { ...off, created: may },
    { ...off, created: september },
    { created: Date.UTC(2026, 9, 1) },
  ];
  const enable = (version: string) =>
    `az keyvault key set-attributes --vault-name customer-cmek --name anthropic --version ${version} --enabled true`;

  expect(offeredCommands(earlierVersionsEnabled, withVersions(versions, inUseSince))).toEqual([
    enable("v2"),
    enable("v3"),
  ]);
});
