/** What can break in Azure beside what is denied, what is lost by it, and what a scan ends with then. */
import { expect } from "vitest";
import type { AzureCall } from "../../src/collect/azure/calls.ts";
import type { UnreadableReason } from "../../src/model/fact.ts";
import type { FaultName } from "../../src/simulator/fault.ts";
import { hosts, idOf, type KeyName, tenant, vaults } from "./azure-clouded-service.ts";
import {
  allCalls,
  applications,
  assignments,
  everywhere,
  get,
  line,
  lostIn,
  settings,
  vault,
  versions,
} from "./azure-losses.ts";
import type { Case } from "./expect-case.ts";

const often = 1000;
/** As often as a fault that may pass is tried. */
const thrice = 3;
const directoryRoles = "graph:ListDirectoryRoles";

/** A fault of one answer that stays: about a key, about a managed HSM, and of the directory. */
function broken(about: string, how: FaultName, reason: UnreadableReason, times: number, says: RegExp): Case<KeyName> {
  return {
    about,
    request_timeout: 1000,
    breaks: ({ simulator: { control } }) => {
      control.fail({ call: get, resource: idOf("open"), times, how });
      control.fail({ call: vault, resource: vaults.hsm, times, how });
      // One answer serves each of the three scopes.
      control.fail({ call: directoryRoles, times: 3 * times, how });
    },
    lost: [
      { keys: ["open"], call: get, reason },
      { keys: ["hsm"], call: vault, reason },
      ...everywhere.flatMap((scope) => lostIn(scope, reason, [directoryRoles])),
    ],
    refused: [
      line(get, reason),
      line(vault, reason, 1, "hsm"),
      ...everywhere.map((scope) => line(directoryRoles, reason, 1, scope)),
    ],
    says,
  };
}

export const cases: readonly Case<KeyName>[] = [
  {
    about: "the subscription is not registered for an API",
    breaks: ({ simulator: { control } }) => control.deny({ call: settings, reason: "api-disabled" }),
    lost: everywhere.flatMap((scope) => lostIn(scope, "api-disabled", [settings])),
    refused: everywhere.map((scope) => line(settings, "api-disabled", 1, scope)),
    says: /insights:ListDiagnosticSettings api-disabled \(1x\): MissingSubscriptionRegistration: .*'Microsoft\.Insights'/,
  },
  {
    about: "requests are throttled, but not for ever",
    breaks: ({ simulator: { control } }) => {
      for (const call of ["keyvault:*", "authorization:*", "graph:*"]) control.throttle({ call, per_second: 10 });
    },
    lost: [],
    refused: [],
  },
  broken("answers never come", "hang", "timeout", thrice, /keyvault:GetKey timeout \(1x\)/),
  broken("connections are reset", "reset", "unavailable", thrice, /ECONNRESET/),
  broken("connections break within answers", "truncated", "unavailable", thrice, /keyvault:GetKey unavailable/),
  broken("the provider answers 500", "500", "unavailable", thrice, /unavailable \(1x\): InternalServerError: /),
  broken("the provider answers 503", "503", "unavailable", thrice, /unavailable \(1x\): ServiceUnavailable: /),
  broken("the answer is no JSON", "malformed-json", "malformed", thrice, /keyvault:GetKey malformed/),
  broken("an error code is unknown", "unknown-error", "unavailable", 1, /unavailable \(1x\): CodeOfAnotherVersion: /),
  {
    about: "the provider answers 500 and 503, and cuts the line, but not for ever",
    breaks: ({ simulator: { control } }) => {
      for (const how of ["500", "503"] as const) {
        control.fail({ call: get, resource: idOf("open"), times: 1, how });
        control.fail({ call: "graph:GetAssignedApplications", times: 1, how });
      }
      control.fail({ call: vault, resource: vaults.own, times: 2, how: "reset" });
    },
    lost: [],
    refused: [],
  },
  {
    about: "fields have gone missing",
    breaks: ({ simulator: { control } }) => {
      control.fail({ call: get, resource: idOf("healthy"), times: 1, how: "missing-field:enabled" });
      control.fail({ call: vault, resource: vaults.other, times: 1, how: "missing-field:accessPolicies" });
      // Of a list that has a hole nothing is known.
      control.fail({ call: assignments, resource: idOf("open"), times: 1, how: "missing-field:principalId" });
    },
    lost: [
      { keys: ["healthy"], call: get, reason: "not-reported", facts: ["enabled"] },
      { keys: ["other"], call: vault, reason: "not-reported", facts: ["vault_access_policies"] },
      { keys: ["other"], call: applications, reason: "not-reported", refused: vault },
      { keys: ["open"], call: assignments, reason: "malformed" },
      { keys: ["open"], call: applications, reason: "malformed", refused: assignments },
    ],
    refused: [line(get, "not-reported"), line(vault, "not-reported", 2, "other"), line(assignments, "malformed", 2)],
    says: /keyvault:GetKey not-reported \(1x\): the answer has no properties\.attributes\.enabled/,
  },
  {
    about: "answers have a new field",
    breaks: ({ simulator: { control } }) => {
      for (const call of allCalls.filter((one) => one !== get))
        control.fail({ call, times: often, how: "extra-field" });
      control.fail({ call: get, resource: idOf("other"), times: often, how: "extra-field" });
    },
    // The new one is among the tags as well, and what it holds is no tag's value.
    lost: [{ keys: ["other"], call: get, reason: "malformed", facts: ["tags"] }],
    refused: [line(get, "malformed", 1, "other")],
    says: /keyvault:GetKey malformed \(1x\): tags\.FieldOfAnotherVersion: /,
  },
  {
    about: "a key is deleted between two calls",
    breaks: ({ simulator: { control } }) => control.latency({ call: versions, ms: 700 }),
    during: async ({ simulator: { control } }) => {
      const received = (resource: string, call: AzureCall) => control.calls().by_resource[resource]?.[call]?.received;
      await expect.poll(() => received(idOf("open"), get)).toBe(1);
      await expect.poll(() => received(vaults.own, "keyvault:ListKeys")).toBe(1);
      await expect.poll(() => received(idOf("open"), versions)).toBe(1);
      control.patch({ resource: idOf("open"), change: null });
    },
    lost: [{ keys: ["open"], call: versions, reason: "not-found" }],
    refused: [line(versions, "not-found")],
  },
  {
    about: "a token ends before its time: another one is had",
    breaks: ({ simulator: { control } }) => {
      control.fail({ call: get, resource: idOf("open"), times: 1, how: "expired-token" });
      control.fail({ call: "graph:ListServicePrincipals", times: 1, how: "expired-token" });
    },
    lost: [],
    refused: [],
  },
  {
    about: "the credentials are not accepted any more in the middle of a scan",
    breaks: ({ simulator: { control } }) => {
      for (const call of [get, versions]) {
        control.fail({ call, resource: idOf("open"), times: often, how: "expired-token" });
      }
    },
    lost: [get, versions].map((call) => ({ keys: ["open"], call, reason: "access-denied", refused: "credentials" })),
    refused: [`vaults/${hosts.own} credentials access-denied - 2x`],
    says: /^vaults\/customer-keys\.vault\.azure\.net: Azure does not accept the credentials \(ExpiredAuthenticationToken: .*\) \(2x\)$/m,
  },
];

/** Faults of lists that come in pages, at the second of them. */
export const secondPage: readonly Case<KeyName>[] = (["access-denied", "unavailable"] as const).map((reason) => ({
  about: `the lists break off in the middle (${reason})`,
  breaks: ({ simulator: { control } }) => {
    control.patch({ resource: tenant, change: { page_size: 1 } });
    for (const call of ["keyvault:ListKeys", assignments]) control.latency({ call, ms: 300 });
  },
  during: async ({ simulator: { control } }) => {
    const received = (resource: string, call: AzureCall) => control.calls().by_resource[resource]?.[call]?.received;
    // The first page is on its way when the second one is asked for.
    await expect.poll(() => received(vaults.own, "keyvault:ListKeys"), { interval: 5 }).toBe(2);
    control.deny({ call: "keyvault:ListKeys", resource: vaults.own, reason });
    await expect.poll(() => received(idOf("open"), assignments), { interval: 5 }).toBe(2);
    control.deny({ call: assignments, resource: idOf("open"), reason });
  },
  lost: [
    ...lostIn("own", reason, ["keyvault:ListKeys"]),
    { keys: ["open"], call: assignments, reason },
    { keys: ["open"], call: applications, reason, refused: assignments },
  ],
  blind: ["open"],
  refused: [line("keyvault:ListKeys", reason), line(assignments, reason, 2)],
}));
