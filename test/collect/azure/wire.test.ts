/** What is made of Azure's wire: that nothing which was not sent is told, and nothing is lost on the way. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  answers,
  azureKey,
  testApplication,
  testAzureKey,
  testPrincipal,
  testVaultId,
} from "../../support/azure-answers.ts";
import { localAzureCollector } from "../../support/azure-collector.ts";
import {
  type AzureAnswer,
  type AzureServer,
  AzureServerAnswer,
  azureError,
  startAzureServer,
} from "../../support/azure-server.ts";
import { testClock } from "../../support/test-clock.ts";
import { told } from "../../support/told.ts";

let server: AzureServer;
beforeAll(async () => {
  server = await startAzureServer();
});
afterAll(() => server.close());

/** By a part of the request. */
const own = new Map<string, AzureAnswer>();
const usual: readonly (readonly [string, object])[] = [
  ["roleAssignmentScheduleInstances", answers.listAssignmentSchedules],
  ["roleAssignments?", answers.listRoleAssignments],
  ["roleDefinitions/", answers.getRoleDefinition],
  ["denyAssignments?", answers.listDenyAssignments],
  ["diagnosticSettings", answers.listDiagnosticSettings],
  ["networkSecurityPerimeterConfigurations", answers.listPerimeterConfigurations],
  ["/versions?", answers.listKeyVersions],
  ["/keys/prod?", answers.getKey],
  ["/keys?", answers.listKeys],
  ["/vaults/acme-keys?", answers.getVault],
  ["getByIds", answers.getAssignedApplications],
  ["/servicePrincipals?", answers.listServicePrincipals],
  ["/servicePrincipals/", answers.listServicePrincipalOwners],
];
beforeEach(() => {
  own.clear();
  server.answer(({ name }) => {
    const [, answer] = [...own, ...usual].find(([part]) => name.includes(part)) ?? [];
    return answer ?? azureError(404, "ResourceNotFound", `nothing at ${name}`);
  });
});

const key = azureKey({ vault_resource_id: testVaultId });
/** Where no answer ever comes, waiting for it is not what is tried. */
const impatient = { request_timeout: 300 };
const readKey = async (patience: object = {}) => {
  const collector = localAzureCollector({ ...server.local, ...patience }, { clock: testClock() });
  return told(await collector.readKey(key, "full", 20_000));
};

it("everything arrives", async () => {
  const facts = await readKey();

  expect(Object.values(facts).filter((value) => typeof value === "string" && value.startsWith("("))).toEqual([]);
  expect(facts).toMatchObject({
    existence: "present",
    read_uri: testAzureKey.resource,
    versions: [{ enabled: true, created: 1_780_000_000_000 }],
    principal_assignments: [{ principal_id: testPrincipal }],
    [`application:${testApplication}`]: { object_id: testPrincipal },
  });
});

const kinds = [
  ["/keys/prod?", "keyvault:GetKey"],
  ["roleAssignments?", "authorization:ListRoleAssignments"],
  ["diagnosticSettings", "insights:ListDiagnosticSettings"],
  ["/servicePrincipals?", `graph:ListServicePrincipals:${testApplication}`],
] as const;
describe.each(kinds)("%s", (part, fact) => {
  it.each<readonly [string, AzureAnswer, string]>([
    ["a connection that is reset", "reset", "unavailable"],
    ["an answer that breaks off", "half", "unavailable"],
    ["no answer", "silence", "timeout"],
    ["a page where JSON should be", new AzureServerAnswer(200, "<html>sign in to the network</html>"), "malformed"],
    ["nothing", new AzureServerAnswer(200, ""), "malformed"],
    ["a list where an object should be", [], "malformed"],
    ["a refusal without a word", new AzureServerAnswer(403, ""), "access-denied"],
    ["a fault without a word", new AzureServerAnswer(500, ""), "unavailable"],
    ["a fault in a form of its own", new AzureServerAnswer(500, [1]), "unavailable"],
    ["a page that is not there", new AzureServerAnswer(404, "<html>no such page</html>"), "unavailable"],
    ["a resource provider that is not registered", azureError(409, "MissingSubscriptionRegistration"), "api-disabled"],
  ])("%s", async (_, answer, reason) => {
    own.set(part, answer);

    expect(await readKey(answer === "silence" ? impatient : {})).toMatchObject({ [fact]: `(${reason})` });
  });
});

it.each(["roleAssignments?", "denyAssignments?", "roleAssignmentScheduleInstances"])(
  "%s: a list that was not sent is no empty list, whatever the client makes of it",
  async (part) => {
    own.set(part, { valued: [] });

    const facts = await readKey();

    expect(Object.values(facts).filter((value) => value === "(not-reported)").length).toBeGreaterThan(0);
  },
);

it("an answer that the client cannot decode is read all the same", async () => {
  own.set("/keys/prod?", { tags: { a: "b" } });

  expect(await readKey()).toMatchObject({ existence: "present", tags: { a: "b" }, enabled: "(not-reported)" });
});

it("the times of the data plane arrive", async () => {
  own.set("/keys/prod?", azureError(404, "KeyNotFound"));
  own.set("/deletedkeys/prod?", { ...answers.getDeletedKey, scheduledPurgeDate: undefined });

  expect(await readKey()).toMatchObject({
    existence: "absent",
    deletion: { of: "key", deleted: 1_790_000_000_000, purged: null },
  });
});
