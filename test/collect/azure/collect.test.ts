import { describe, expect, it } from "vitest";
import { type AzureCall, azureCalls } from "../../../src/collect/azure/calls.ts";
import { publishedApplication } from "../../../src/collect/azure/read-directory.ts";
import type { AzureReader } from "../../../src/collect/azure/reader.ts";
import type { KeyToRead } from "../../../src/collect/collector.ts";
import { anthropicAzureApplication } from "../../../src/guidance/identifiers.ts";
import {
  type Answer,
  absent,
  answeringReader,
  answers,
  armHsm,
  armKey,
  armVault,
  assignment,
  azureKey,
  cryptoUser,
  inTurn,
  list,
  refusal,
  refuse,
  servicePrincipal,
  testApplication,
  testAzureKey,
  testHsmHost,
  testKeyId,
  testPrincipal,
  testSubscription,
  testVaultId,
} from "../../support/azure-answers.ts";
import { azureCollectorOf, type LocalAzureOptions } from "../../support/azure-collector.ts";
import { told } from "../../support/told.ts";

type Answers = Partial<Record<keyof AzureReader, Answer>>;

const within = 10_000;
const readKey = (own: Answers = {}, key: KeyToRead = testAzureKey, options: LocalAzureOptions = {}) =>
  azureCollectorOf(answeringReader(own), options).readKey(key, "full", within);
const unread = (readings: Awaited<ReturnType<typeof readKey>>) =>
  readings.filter(({ answer }) => answer.state === "unreadable");

const role = `authorization:GetRoleDefinition ${cryptoUser.toLowerCase()}`;
const fastCalls = [
  "keyvault:GetKey",
  "authorization:ListRoleAssignments",
  "authorization:ListPrincipalAssignments",
  "keyvault:GetVault",
];
const fullCalls = [
  ...fastCalls,
  "keyvault:ListKeyVersions",
  "authorization:ListDenyAssignments",
  "authorization:ListPrincipalDenyAssignments",
  "authorization:ListAssignmentSchedules",
  "keyvault:ListKeys",
  "keyvault:ListPerimeterConfigurations",
  "insights:ListDiagnosticSettings",
  role,
];
const directoryCalls = [
  "graph:GetAssignedApplications",
  `graph:ListServicePrincipals ${testApplication}`,
  `graph:ListServicePrincipalOwners ${testApplication}`,
  `graph:ListAppRoleAssignments ${testApplication}`,
  `graph:ListPermissionGrants ${testApplication}`,
  `graph:ListDirectoryRoles ${testApplication}`,
];
const callsOf = (readings: Awaited<ReturnType<typeof readKey>>) =>
  readings.map(({ call, part }) => (part === null ? call : `${call} ${part}`));

it("the application that a key is for is the published one", () => {
  expect(publishedApplication).toBe(anthropicAzureApplication);
});

describe("the lanes", () => {
  it("the fast one reads the key, the assignments and the vault", async () => {
    const reader = answeringReader();
    const key = azureKey({ vault_resource_id: testVaultId, service_principal_object_id: testPrincipal });
    const readings = await azureCollectorOf(reader).readKey(key, "fast", within);

    expect(callsOf(readings)).toEqual(fastCalls);
    expect(reader.asked.map(({ call, of }) => [call, of])).toEqual(
      expect.arrayContaining([
        ["getKey", [expect.objectContaining({ id: testVaultId, group: "keys", name: "acme-keys" }), "prod"]],
        ["listRoleAssignments", [testKeyId, undefined]],
        ["listPrincipalAssignments", [testKeyId, testPrincipal, undefined]],
        ["getVault", [expect.objectContaining({ subscription: testSubscription, kind: "vault" })]],
      ]),
    );
    expect(reader.asked).toHaveLength(4);
  });

  it("the full one reads the rest, and what the assigned roles permit", async () => {
    expect(callsOf(await readKey())).toEqual([...fullCalls, ...directoryCalls]);
  });

  it("nothing is asked of a directory that may not be looked at", async () => {
    const reader = answeringReader();
    const key = azureKey({ service_principal_object_id: testPrincipal });
    const readings = await azureCollectorOf(reader, { azure_directory: false }).readKey(key, "full", within);

    expect(callsOf(readings)).toEqual(fullCalls);
    expect(
      reader.asked.filter(({ call }) => /ServicePrincipal|AppRole|Grants|DirectoryRoles|Applications/.test(call)),
    ).toEqual([]);
  });

  it("nothing is read once for a scope: which vault it is a key's registration tells", async () => {
    const reader = answeringReader();

    expect(await azureCollectorOf(reader).readScope(testAzureKey.scope, "full", within)).toEqual([]);
    expect(reader.asked).toEqual([]);
  });

  it("what is told is of the calls of the table, and all of it", async () => {
    const names = new Map<string, readonly string[]>();
    for (const { call, answer } of await readKey()) {
      if (answer.state === "seen") names.set(call, Object.keys(answer.facts).toSorted());
    }
    const tables = Object.entries(azureCalls).filter(([, { facts }]) => facts.length > 0);
    expect(Object.fromEntries(names)).toEqual(
      Object.fromEntries(tables.map(([call, { facts }]) => [call, facts.toSorted()])),
    );
  });
});

describe("what keys of a vault share", () => {
  const keys = Array.from({ length: 40 }, (_, index) => azureKey({}, undefined, `key-${index}`));

  it("is read once for all who read at the same time, and told to each by the same reading", async () => {
    const reader = answeringReader();
    const collector = azureCollectorOf(reader);

    const readings = await Promise.all(keys.map((key) => collector.readKey(key, "full", within)));

    const once: readonly (keyof AzureReader)[] = [
      "listVaults",
      "getVault",
      "listKeys",
      "listPerimeterConfigurations",
      "listDiagnosticSettings",
      "getRoleDefinition",
      "listServicePrincipals",
      "listServicePrincipalOwners",
    ];
    expect(once.map((call) => [call, reader.count(call)])).toEqual(once.map((call) => [call, 1]));
    expect(reader.count("getKey")).toBe(keys.length);
    const shared = readings.flat().filter(({ call }) => azureCalls[call as AzureCall].subject === "scope");
    expect(new Set(shared).size).toBe(shared.length / keys.length);
  });

  it("ends with the run, but for where the vault is", async () => {
    const reader = answeringReader();
    const collector = azureCollectorOf(reader);

    await collector.readKey(testAzureKey, "full", within);
    await collector.readKey(testAzureKey, "full", within);

    expect([reader.count("listVaults"), reader.count("getVault"), reader.count("listServicePrincipals")]).toEqual([
      1, 2, 2,
    ]);
  });

  it("the directory is asked by full runs, and by a fast one that knows nothing yet", async () => {
    const reader = answeringReader();
    const collector = azureCollectorOf(reader);

    for (const lane of ["fast", "fast", "full", "fast"] as const) await collector.readKey(testAzureKey, lane, within);

    expect(reader.count("listServicePrincipals")).toBe(2);
    expect(reader.asked.filter(({ call }) => call === "listPrincipalAssignments").map(({ of }) => of[1])).toEqual([
      testPrincipal,
      testPrincipal,
      testPrincipal,
      testPrincipal,
    ]);
  });

  it("a bug is nobody's answer, and is not remembered", async () => {
    const bug = () => {
      throw new TypeError("ours");
    };
    const collector = azureCollectorOf(answeringReader({ getVault: inTurn(bug, answers.getVault) }));

    await expect(collector.readKey(testAzureKey, "fast", within)).rejects.toThrow(TypeError);
    expect(told(await collector.readKey(testAzureKey, "fast", within))["vault_rbac"]).toBe(true);
  });
});

describe("a refusal", () => {
  const calls: readonly (readonly [keyof AzureReader, AzureCall, (readonly string[])?])[] = [
    ["getKey", "keyvault:GetKey"],
    ["getVault", "keyvault:GetVault", ["keyvault:GetVault", "graph:GetAssignedApplications"]],
    ["listKeyVersions", "keyvault:ListKeyVersions"],
    ["listKeys", "keyvault:ListKeys"],
    ["listPerimeterConfigurations", "keyvault:ListPerimeterConfigurations"],
    ["listDiagnosticSettings", "insights:ListDiagnosticSettings"],
    [
      "listRoleAssignments",
      "authorization:ListRoleAssignments",
      ["authorization:ListRoleAssignments", "graph:GetAssignedApplications"],
    ],
    ["listPrincipalAssignments", "authorization:ListPrincipalAssignments"],
    ["getRoleDefinition", "authorization:GetRoleDefinition", [role]],
    ["listDenyAssignments", "authorization:ListDenyAssignments"],
    ["listPrincipalDenyAssignments", "authorization:ListPrincipalDenyAssignments"],
    ["listAssignmentSchedules", "authorization:ListAssignmentSchedules"],
    [
      "listServicePrincipals",
      "graph:ListServicePrincipals",
      [
        "authorization:ListPrincipalAssignments",
        "authorization:ListPrincipalDenyAssignments",
        ...directoryCalls.slice(1),
      ],
    ],
    ["listServicePrincipalOwners", "graph:ListServicePrincipalOwners", [directoryCalls[2] ?? ""]],
    ["listAppRoleAssignments", "graph:ListAppRoleAssignments", [directoryCalls[3] ?? ""]],
    ["listPermissionGrants", "graph:ListPermissionGrants", [directoryCalls[4] ?? ""]],
    ["listDirectoryRoles", "graph:ListDirectoryRoles", [directoryCalls[5] ?? ""]],
    ["getAssignedApplications", "graph:GetAssignedApplications"],
  ];

  it.each(calls.map(([method, call, blinded = [call]]) => ({ method, call, blinded })))(
    "of $method blinds its own facts, and names the permission",
    async ({ method, call, blinded }) => {
      const blind = unread(await readKey({ [method]: refuse("access-denied") }));

      expect(callsOf(blind)).toEqual(blinded);
      const { permission } = azureCalls[call];
      for (const { answer } of blind) expect(answer).toMatchObject({ reason: "access-denied", call, permission });
    },
  );

  it("of a managed HSM names the permission that it needs", async () => {
    const key = azureKey({}, testHsmHost);
    const hsm = { listVaults: list(armHsm()), getVault: armHsm() };
    const permissions = async (own: Answers) =>
      unread(await readKey({ ...hsm, ...own }, key)).map(({ answer }) => Reflect.get(answer, "permission"));

    expect(await permissions({})).toEqual([]);
    expect(await permissions({ getKey: refuse("access-denied"), listKeys: refuse("access-denied") })).toEqual([
      "Microsoft.KeyVault/managedHSMs/keys/read",
      "Microsoft.KeyVault/managedHSMs/keys/read",
    ]);
    expect(await permissions({ getVault: refuse("access-denied") })).toEqual(["Microsoft.KeyVault/managedHSMs/read"]);
    expect(
      new Set(await permissions({ listVaults: refuse("access-denied", { call: "keyvault:ListVaults" }) })),
    ).toEqual(new Set(["Microsoft.KeyVault/managedHSMs/read"]));
    expect(await permissions({ listDenyAssignments: refuse("access-denied") })).toEqual([
      "Microsoft.Authorization/denyAssignments/read",
    ]);
    expect(await permissions({ getKey: refuse("access-denied", { permission: null }) })).toEqual([undefined]);
  });

  it("a managed HSM is looked for among managed HSMs", async () => {
    const reader = answeringReader({ listVaults: list(armHsm()), getVault: armHsm() });
    const readings = await azureCollectorOf(reader).readKey(azureKey({}, testHsmHost), "fast", within);

    expect(told(readings)).toMatchObject({
      vault: { kind: "managed-hsm" },
      vault_rbac: null,
      vault_access_policies: [],
    });
    expect(reader.asked.find(({ call }) => call === "listVaults")?.of[0]).toBe("managed-hsm");
  });
});

describe("the service principal", () => {
  const principalFacts = (facts: Record<string, unknown>) => [
    facts["principal_assignments"] ?? facts["authorization:ListPrincipalAssignments"],
    facts["principal_deny_assignments"] ?? facts["authorization:ListPrincipalDenyAssignments"],
  ];

  it("that nobody knows, because nobody may look, is said with both ways out", async () => {
    const readings = await readKey({}, testAzureKey, { azure_directory: false });

    expect(principalFacts(told(readings))).toEqual(["(not-read-yet)", "(not-read-yet)"]);
    const detail = unread(readings).map(({ answer }) => Reflect.get(answer, "detail"))[0];
    expect(detail).toContain("reads.azure_directory");
    expect(detail).toContain("azure.service_principal_object_id");
  });

  it("that the tenant does not have is assigned nothing", async () => {
    const readings = await readKey({ listServicePrincipals: list() });

    expect(principalFacts(told(readings))).toEqual([[], []]);
    expect(told(readings)).toMatchObject({
      [`application:${testApplication}`]: null,
      [`application_owners:${testApplication}`]: [],
      [`application_directory_roles:${testApplication}`]: [],
    });
  });

  it("of a registered application is that of the registered one", async () => {
    const client_id = "44444444-4444-4444-8444-444444444444";
    const own = { ...servicePrincipal(), appId: client_id, id: "p" };
    const readings = await readKey({ listServicePrincipals: list(own) }, azureKey({ client_id }));

    expect(told(readings)).toMatchObject({ [`application:${client_id}`]: { object_id: "p" } });
    expect(told(readings)).not.toHaveProperty(`application:${testApplication}`);
  });

  it.each([
    ["two of them", list(servicePrincipal(), servicePrincipal({ id: "x" }))],
    ["one of another application", list(servicePrincipal({ appId: "x" }))],
  ])("is not known from an answer with %s", async (_, listServicePrincipals) => {
    expect(principalFacts(told(await readKey({ listServicePrincipals })))).toEqual(["(malformed)", "(malformed)"]);
  });

  it("that the directory told once is known though the directory is refused later", async () => {
    const own = { listServicePrincipals: inTurn(answers.listServicePrincipals, refuse("access-denied")) };
    const collector = azureCollectorOf(answeringReader(own));

    await collector.readKey(testAzureKey, "full", within);
    const facts = told(await collector.readKey(testAzureKey, "full", within));

    expect(principalFacts(facts)).not.toContain("(access-denied)");
    expect(facts[`graph:ListServicePrincipals:${testApplication}`]).toBe("(access-denied)");
  });
});

describe("lists", () => {
  const nothing = { value: null };

  it("go on to the last page", async () => {
    const pages =
      (...items: readonly unknown[]): Answer =>
      (...of) => {
        const link = of.at(-1);
        const at = typeof link === "string" ? Number(link.replace(/.*\//, "")) : 0;
        return { value: [items[at]], ...(at + 1 < items.length ? { nextLink: `https://next/${at + 1}` } : {}) };
      };
    const facts = told(
      await readKey({
        listRoleAssignments: pages(assignment("b"), assignment("a")),
        listKeys: pages({ name: "b" }, { name: "A" }),
        listPrincipalDenyAssignments: pages({ id: "y" }, { id: "x" }),
      }),
    );

    expect(facts["assignments"]).toMatchObject([
      { id: expect.stringMatching(/a$/) },
      { id: expect.stringMatching(/b$/) },
    ]);
    expect(facts).toMatchObject({ vault_keys: ["a", "b"], principal_deny_assignments: ["x", "y"] });
  });

  it("go on behind a page that has nothing", async () => {
    const links: Readonly<Record<string, object>> = {
      "https://next/1": { value: [], nextLink: "https://next/2" },
      "https://next/2": list({ name: "other" }),
    };
    const listKeys: Answer = (...of) =>
      links[String(of.at(-1))] ?? { ...list({ name: "prod" }), nextLink: "https://next/1" };

    expect(told(await readKey({ listKeys }))).toMatchObject({ vault_keys: ["other", "prod"] });
  });

  it("whose pages lead to each other, or elsewhere than to a link, are not known", async () => {
    const again = { ...list(assignment("a")), nextLink: "https://next/again" };
    for (const listRoleAssignments of [again, { ...again, nextLink: 2 }, { ...again, nextLink: "next" }]) {
      expect(told(await readKey({ listRoleAssignments }))).toMatchObject({
        "authorization:ListRoleAssignments": "(malformed)",
      });
    }
  });

  it("of which a page is refused are not known", async () => {
    const listRoleAssignments: Answer = (_scope, next) =>
      next === undefined
        ? { ...list(assignment("a")), nextLink: "https://next/2" }
        : Promise.reject(refusal("unavailable"));

    expect(told(await readKey({ listRoleAssignments }))).toMatchObject({
      "authorization:ListRoleAssignments": "(unavailable)",
      "graph:GetAssignedApplications": "(unavailable)",
    });
  });

  it("of schedules are null where the directory has no Privileged Identity Management", async () => {
    expect(told(await readKey({ listAssignmentSchedules: { value: null } }))["assignment_schedules"]).toBeNull();
  });

  it.each<readonly [string, Answer]>([
    [
      "a page of which is null",
      (_, next) => (next === undefined ? { ...list(), nextLink: "https://next/2" } : nothing),
    ],
    [
      "that is null and goes on",
      (_, next) => (next === undefined ? { ...nothing, nextLink: "https://next/2" } : list()),
    ],
  ])("of schedules %s is not known", async (_, listAssignmentSchedules) => {
    expect(told(await readKey({ listAssignmentSchedules }))).toMatchObject({
      "authorization:ListAssignmentSchedules": "(malformed)",
    });
  });
});

describe("roles", () => {
  it("that are assigned several times, in whatever case, are read once", async () => {
    const reader = answeringReader({
      listRoleAssignments: list(
        assignment("a"),
        assignment("b", {
          roleDefinitionId: cryptoUser
            .toUpperCase()
            .replace(
              "/PROVIDERS/MICROSOFT.AUTHORIZATION/ROLEDEFINITIONS/",
              "/providers/Microsoft.Authorization/roleDefinitions/",
            ),
        }),
      ),
    });
    const readings = await azureCollectorOf(reader).readKey(testAzureKey, "full", within);

    expect(reader.count("getRoleDefinition")).toBe(1);
    expect(told(readings)).toHaveProperty([`role_definition:${cryptoUser.toLowerCase()}`]);
  });

  it.each(["../../x", `${cryptoUser}/../y`, "roleDefinitions/x", `${cryptoUser}?x=y`])(
    "with the id %s are not asked for",
    async (id) => {
      const reader = answeringReader({ listRoleAssignments: list(assignment("a", { roleDefinitionId: id })) });
      const readings = await azureCollectorOf(reader).readKey(testAzureKey, "full", within);

      expect(told(readings)[`authorization:GetRoleDefinition:${id.toLowerCase()}`]).toBe("(unsupported)");
      expect(reader.asked.filter(({ call, of }) => call === "getRoleDefinition" && of[0] === id)).toEqual([]);
    },
  );
});

describe("the applications that are assigned something", () => {
  const assigned = async (types: readonly (string | null)[], own: Answers = {}) => {
    const reader = answeringReader({
      ...own,
      listRoleAssignments: list(
        ...types.map((principalType, index) =>
          assignment(String(index), { principalType, principalId: `ID-${index}` }),
        ),
      ),
      getAssignedApplications: list(),
    });
    const readings = await azureCollectorOf(reader).readKey(testAzureKey, "full", within);
    const asked = reader.asked.filter(({ call }) => call === "getAssignedApplications").map(({ of }) => of[0]);
    return { asked: asked as readonly (readonly string[])[], facts: told(readings) };
  };

  it("are asked for by the ids of assignees that are, or may be, applications", async () => {
    const { asked, facts } = await assigned([
      "ServicePrincipal",
      null,
      "User",
      "Group",
      "ForeignGroup",
      "Device",
      "Agent",
    ]);

    expect(asked).toEqual([["id-0", "id-1", "id-6"]]);
    // Deleted ones are in no answer.
    expect(facts["assigned_applications"]).toEqual([]);
  });

  it("are looked for behind the vault's access policies too, which do not say what their objects are", async () => {
    const policy = (objectId: string) => ({ tenantId: "t", objectId, permissions: { keys: ["get"] } });
    const getVault = armVault({ accessPolicies: [policy("POLICY-1"), policy("id-0")] });
    const { asked } = await assigned(["ServicePrincipal", "User"], { getVault });

    expect(asked).toEqual([["id-0", "policy-1"]]);
  });

  it("are asked for by the thousand", async () => {
    const { asked } = await assigned(Array.from({ length: 2001 }, () => "ServicePrincipal"));

    expect(asked.map((ids) => ids.length)).toEqual([1000, 1000, 1]);
    expect(new Set(asked.flat()).size).toBe(2001);
  });

  it("are not asked for where there are none", async () => {
    const { asked, facts } = await assigned(["User"]);

    expect(asked).toEqual([]);
    expect(facts["assigned_applications"]).toEqual([]);
  });
});

it.each((Object.keys(answers) as (keyof AzureReader)[]).filter((call) => !call.includes("Deleted")))(
  "a bug in %s is thrown on",
  async (method) => {
    const bug = () => {
      throw new TypeError("ours");
    };

    await expect(readKey({ [method]: bug })).rejects.toThrow(TypeError);
  },
);

it("a bug in what is asked of deleted things is thrown on", async () => {
  const bug = () => {
    throw new TypeError("ours");
  };

  await expect(readKey({ getKey: absent, getDeletedKey: bug })).rejects.toThrow(TypeError);
  await expect(readKey({ listVaults: list(), listDeletedVaults: bug })).rejects.toThrow(TypeError);
});

it("what is no name of a key is a bug", async () => {
  await expect(readKey({}, { ...testAzureKey, resource: "https://x.vault.azure.net/keys/" })).rejects.toThrow(
    TypeError,
  );
});

it("an answer about another key is told as it is", async () => {
  const facts = told(await readKey({ getKey: armKey({ keyUri: "https://other.vault.azure.net/keys/x" }) }));

  expect(facts["read_uri"]).toBe("https://other.vault.azure.net/keys/x");
});
