import { describe, expect, it } from "vitest";
import { type GcpCall, gcpCalls } from "../../../src/collect/gcp/calls.ts";
import type { GcpReader } from "../../../src/collect/gcp/reader.ts";
import { type Refusal, Refused } from "../../../src/collect/refusal.ts";
import type { KeyResource } from "../../../src/model/key.ts";
import {
  type Answer,
  answeringReader,
  answers,
  bindingOf,
  cryptoKey,
  iamPolicy,
  testGcpKey,
  testProject,
  testRing,
  viewerRole,
} from "../../support/gcp-answers.ts";
import { gcpCollectorOf, readsAll, readsNothingBeyond } from "../../support/gcp-collector.ts";
import { testClock } from "../../support/test-clock.ts";
import { told } from "../../support/told.ts";

type Answers = Partial<Record<keyof GcpReader, Answer>>;

const soon = () => Date.now() + 10_000;
const keyNamed = (id: string, ring = testRing): KeyResource => ({
  ...testGcpKey,
  resource: `${ring}/cryptoKeys/${id}`,
});
const refused = (reason: Refusal["reason"], detail = "no") => new Refused({ reason, detail, again: "no" });
const refuse =
  (reason: Refusal["reason"]): Answer =>
  () =>
    Promise.reject(refused(reason));

/** A list of these keys, page by page; past the last page there is a refusal. */
const pagesOf =
  (...pages: readonly (readonly string[])[]): Answer =>
  (ring, next = "0") => {
    const page = pages[Number(next)];
    if (page === undefined) throw refused("unavailable", "broken off");
    return {
      cryptoKeys: page.map((id) => cryptoKey(`${ring}/cryptoKeys/${id}`)),
      nextPageToken: page.includes("more") ? String(Number(next) + 1) : "",
    };
  };

const readKey = (own: Answers, key = testGcpKey) => gcpCollectorOf(answeringReader(own)).readKey(key, "full", soon());

describe("the lanes", () => {
  it("the fast one reads the list of the ring and the policy of the key", async () => {
    const reader = answeringReader();
    const readings = await gcpCollectorOf(reader).readKey(testGcpKey, "fast", soon());

    expect(readings.map(({ call }) => call)).toEqual(["cloudkms:ListCryptoKeys", "cloudkms:GetCryptoKeyIamPolicy"]);
    expect(reader.asked.map(({ call }) => call).toSorted()).toEqual(["getCryptoKeyIamPolicy", "listCryptoKeys"]);
  });

  it("the full one reads the versions as well, the policy of the ring, and what the bound roles mean", async () => {
    const readings = await readKey({ getKeyRingIamPolicy: iamPolicy(bindingOf("roles/b"), bindingOf(viewerRole)) });

    expect(readings.map(({ call, part }) => [call, part])).toEqual([
      ["cloudkms:ListCryptoKeys", null],
      ["cloudkms:GetCryptoKeyIamPolicy", null],
      ["cloudkms:ListCryptoKeyVersions", null],
      ["cloudkms:GetKeyRingIamPolicy", testRing],
      ["iam:GetRole", viewerRole],
      ["iam:GetRole", "roles/b"],
    ]);
  });

  it("the fast one reads nothing of a project", async () => {
    expect(await gcpCollectorOf(answeringReader()).readScope(testProject, "fast", soon())).toEqual([]);
  });
});

describe("what keys share", () => {
  const keys = Array.from({ length: 40 }, (_, index) => keyNamed(`key-${index}`));
  const list = pagesOf(
    [...keys.slice(0, 20).map((_, index) => `key-${index}`), "more"],
    keys.slice(20).map((_, index) => `key-${index + 20}`),
  );

  it("is read once for all who read at the same time", async () => {
    const reader = answeringReader({ listCryptoKeys: list });
    const collector = gcpCollectorOf(reader);

    const readings = await Promise.all(keys.map((key) => collector.readKey(key, "full", soon())));

    expect(readings.map((all) => told(all)["read_name"])).toEqual(keys.map(({ resource }) => resource));
    expect(reader.count("listCryptoKeys")).toBe(2);
    expect(reader.count("getKeyRingIamPolicy")).toBe(1);
    expect(reader.count("getRole")).toBe(1);
    expect(reader.count("getCryptoKeyIamPolicy")).toBe(keys.length);
  });

  it("is told to each of them by the same reading", async () => {
    const collector = gcpCollectorOf(answeringReader({ listCryptoKeys: list }));

    const readings = await Promise.all(keys.map((key) => collector.readKey(key, "full", soon())));

    const shared = readings
      .flat()
      .filter(({ call }) => call === "cloudkms:GetKeyRingIamPolicy" || call === "iam:GetRole");
    expect(shared).toHaveLength(2 * keys.length);
    expect(new Set(shared).size).toBe(2);
  });

  it("has the time at which it was read, and is read again when that is a while ago", async () => {
    const clock = testClock();
    const start = clock.now();
    const reader = answeringReader({ listCryptoKeys: list });
    const collector = gcpCollectorOf(reader, { clock });
    const timesOf = async () => {
      const readings = await collector.readKey(keyNamed("key-1"), "full", clock.now() + 10_000);
      return readings.map(({ call, at }) => `${call} ${at - start}`);
    };
    // Somebody else reads the whole time, so that all of it is one run.
    let end: (() => void) | undefined;
    const other = collector.readKey(keyNamed("key-2"), "fast", clock.now() + 10_000);
    reader.getCryptoKeyIamPolicy = () => new Promise((resolve) => (end = () => resolve(iamPolicy())));
    const long = collector.readKey(keyNamed("key-3"), "fast", clock.now() + 10_000);
    await other;
    reader.getCryptoKeyIamPolicy = async () => answers.getCryptoKeyIamPolicy;

    const first = await timesOf();
    clock.advance(9000);
    const second = await timesOf();
    clock.advance(2000);
    const third = await timesOf();
    end?.();
    await long;

    const ring = "cloudkms:GetKeyRingIamPolicy 0";
    expect(first).toEqual(
      expect.arrayContaining(["cloudkms:ListCryptoKeys 0", "cloudkms:GetCryptoKeyIamPolicy 0", ring]),
    );
    expect(second).toEqual(
      expect.arrayContaining(["cloudkms:ListCryptoKeys 0", "cloudkms:GetCryptoKeyIamPolicy 9000", ring]),
    );
    expect(third).toEqual(expect.arrayContaining(["cloudkms:ListCryptoKeys 11000", ring]));
    expect(reader.count("getKeyRingIamPolicy")).toBe(1);
  });

  it("ends with the run: who reads after that sees what is then", async () => {
    const reader = answeringReader();
    const collector = gcpCollectorOf(reader);

    await collector.readKey(testGcpKey, "full", soon());
    await collector.readKey(testGcpKey, "full", soon());

    expect(reader.count("listCryptoKeys")).toBe(2);
    expect(reader.count("getKeyRingIamPolicy")).toBe(2);
    expect(reader.count("getRole")).toBe(2);
  });

  it("is not shared between rings, and a refused list is refused to all of its ring", async () => {
    const other = `${testProject}/locations/us-east5/keyRings/other`;
    const listOfKeys = pagesOf(["a", "b"]);
    const reader = answeringReader({
      listCryptoKeys: (ring, next) =>
        ring === other
          ? Promise.reject(refused("access-denied"))
          : (listOfKeys as (...of: unknown[]) => unknown)(ring, next),
    });
    const collector = gcpCollectorOf(reader);

    const [a, b, c, d] = await Promise.all(
      [keyNamed("a"), keyNamed("b"), keyNamed("a", other), keyNamed("b", other)].map(async (key) =>
        told(await collector.readKey(key, "fast", soon())),
      ),
    );

    expect([a?.["existence"], b?.["existence"]]).toEqual(["present", "present"]);
    expect([c, d].map((facts) => facts?.["cloudkms:ListCryptoKeys"])).toEqual(["(access-denied)", "(access-denied)"]);
    expect(reader.count("listCryptoKeys")).toBe(2);
  });

  it("a bug is nobody's answer, and is not remembered", async () => {
    let asked = 0;
    const collector = gcpCollectorOf(
      answeringReader({
        listCryptoKeys: () => {
          asked += 1;
          if (asked === 1) throw new TypeError("ours");
          return answers.listCryptoKeys;
        },
      }),
    );

    await expect(collector.readKey(testGcpKey, "fast", soon())).rejects.toThrow(TypeError);
    expect(told(await collector.readKey(testGcpKey, "fast", soon()))["existence"]).toBe("present");
  });
});

describe("a key that is not there", () => {
  const absent = { existence: "absent", purpose: "(not-found)", read_name: "(not-found)", primary: "(not-found)" };

  it("is absent where two complete lists do not have it", async () => {
    const reader = answeringReader({ listCryptoKeys: pagesOf(["a", "more"], ["b"]) });
    const collector = gcpCollectorOf(reader);

    const facts = told(await collector.readKey(keyNamed("gone"), "fast", soon()));

    expect(facts).toMatchObject(absent);
    expect(reader.count("listCryptoKeys")).toBe(4);
  });

  it("costs two lists, however many keys are missing", async () => {
    const reader = answeringReader({ listCryptoKeys: pagesOf(["a"]) });
    const collector = gcpCollectorOf(reader);

    const gone = Array.from({ length: 20 }, (_, index) => keyNamed(`gone-${index}`));
    const all = await Promise.all(gone.map(async (key) => told(await collector.readKey(key, "fast", soon()))));

    expect(all.map(({ existence }) => existence)).toEqual(gone.map(() => "absent"));
    expect(reader.count("listCryptoKeys")).toBe(2);
  });

  it("is there where the second list has it", async () => {
    let asked = 0;
    const list = (): unknown => {
      asked += 1;
      return asked === 1 ? { cryptoKeys: [] } : answers.listCryptoKeys;
    };

    expect(told(await readKey({ listCryptoKeys: list }))["existence"]).toBe("present");
  });

  it.each([
    ["the second list is refused", refused("access-denied"), "(access-denied)"],
    ["the second list breaks off", refused("unavailable"), "(unavailable)"],
  ])("is not known where %s", async (_, error, expected) => {
    let asked = 0;
    const list = (): unknown => {
      asked += 1;
      return asked === 1 ? { cryptoKeys: [] } : Promise.reject(error);
    };
    const facts = told(await readKey({ listCryptoKeys: list }));

    expect(facts["cloudkms:ListCryptoKeys"]).toBe(expected);
    expect(facts).not.toHaveProperty("existence");
  });

  it("is not known from half a list, though the first half does not have it", async () => {
    const facts = told(await readKey({ listCryptoKeys: pagesOf(["a", "more"]) }));

    expect(facts["cloudkms:ListCryptoKeys"]).toBe("(unavailable)");
    expect(facts).not.toHaveProperty("existence");
  });

  it.each([
    [testRing, "absent"],
    [testProject, "absent"],
    [`${testRing}-2`, "(not-found)"],
    [`${testRing}/cryptoKeys/x`, "(not-found)"],
    [undefined, "(not-found)"],
  ])("where Google says that there is no %s is %s", async (name, expected) => {
    const refusal = {
      reason: "not-found",
      detail: "no",
      again: "no",
      ...(name === undefined ? {} : { absent: name }),
    } as const;
    const reader = answeringReader({ listCryptoKeys: () => Promise.reject(new Refused(refusal)) });

    const facts = told(await gcpCollectorOf(reader).readKey(testGcpKey, "fast", soon()));

    expect(facts["existence"] ?? facts["cloudkms:ListCryptoKeys"]).toBe(expected);
    expect(reader.count("listCryptoKeys")).toBe(expected === "absent" ? 2 : 1);
  });
});

describe("a refusal", () => {
  it.each<readonly [keyof GcpReader, string, string]>([
    ["listCryptoKeys", "cloudkms:ListCryptoKeys", "cloudkms.cryptoKeys.list"],
    ["getCryptoKeyIamPolicy", "cloudkms:GetCryptoKeyIamPolicy", "cloudkms.cryptoKeys.getIamPolicy"],
    ["listCryptoKeyVersions", "cloudkms:ListCryptoKeyVersions", "cloudkms.cryptoKeyVersions.list"],
    ["getKeyRingIamPolicy", "cloudkms:GetKeyRingIamPolicy", "cloudkms.keyRings.getIamPolicy"],
    ["getRole", "iam:GetRole", "iam.roles.get"],
  ])("of %s blinds its own facts, and names the permission", async (method, call, permission) => {
    const readings = await readKey({ [method]: refuse("access-denied") });

    const blind = readings.filter(({ answer }) => answer.state === "unreadable");
    expect(blind).toMatchObject([{ call, answer: { reason: "access-denied", call, permission } }]);
  });

  it.each<readonly [keyof GcpReader, GcpCall, readonly GcpCall[]]>([
    ["getProject", "cloudresourcemanager:GetProject", ["cloudresourcemanager:GetProject"]],
    ["getProjectIamPolicy", "cloudresourcemanager:GetProjectIamPolicy", ["cloudresourcemanager:GetProjectIamPolicy"]],
    ["getService", "serviceusage:GetService", ["serviceusage:GetService"]],
    ["getProjectBillingInfo", "cloudbilling:GetProjectBillingInfo", ["cloudbilling:GetProjectBillingInfo"]],
    ["listSinks", "logging:ListSinks", ["logging:ListSinks"]],
    ["listExclusions", "logging:ListExclusions", ["logging:ListExclusions"]],
    ["getFolderIamPolicy", "cloudresourcemanager:GetFolderIamPolicy", ["cloudresourcemanager:GetFolderIamPolicy"]],
    [
      "getOrganizationIamPolicy",
      "cloudresourcemanager:GetOrganizationIamPolicy",
      ["cloudresourcemanager:GetOrganizationIamPolicy"],
    ],
    [
      "getEffectivePolicy",
      "orgpolicy:GetEffectivePolicy",
      ["orgpolicy:GetEffectivePolicy", "orgpolicy:GetEffectivePolicy"],
    ],
    ...(["ListAccessPolicies", "ListAccessLevels", "ListServicePerimeters"] as const).map(
      (name) =>
        [
          `l${name.slice(1)}` as keyof GcpReader,
          `accesscontextmanager:${name}`,
          ["accesscontextmanager:ListServicePerimeters"],
        ] as const,
    ),
    ["listDenyPolicies", "iam:ListDenyPolicies", ["iam:GetDenyPolicy", "iam:GetDenyPolicy", "iam:GetDenyPolicy"]],
    ["getDenyPolicy", "iam:GetDenyPolicy", ["iam:GetDenyPolicy", "iam:GetDenyPolicy", "iam:GetDenyPolicy"]],
  ])("of %s blinds its own facts of a project, and names the permission", async (method, call, blinded) => {
    const refusal = { reason: "access-denied", detail: "no", again: "no", call } as const;
    const reader = answeringReader({ [method]: () => Promise.reject(new Refused(refusal)) });

    const readings = await gcpCollectorOf(reader, { reads: readsAll }).readScope(testProject, "full", soon());

    const blind = readings.filter(({ answer }) => answer.state === "unreadable");
    expect(blind.map((one) => one.call)).toEqual(blinded);
    const { permission } = gcpCalls[call];
    for (const { answer } of blind) expect(answer).toMatchObject({ reason: "access-denied", call, permission });
  });

  it("names another permission where Google does, and none where none would help", async () => {
    const reading = async (permission: string | null) => {
      const refusal = new Refused({ reason: "access-denied", detail: "no", again: "no", permission });
      const [list] = await readKey({ listCryptoKeys: () => Promise.reject(refusal) });
      return list?.answer;
    };

    expect(await reading("serviceusage.services.use")).toMatchObject({ permission: "serviceusage.services.use" });
    expect(await reading(null)).not.toHaveProperty("permission");
  });
});

describe("what is above a project", () => {
  const calls = [
    "cloudresourcemanager:GetFolderIamPolicy",
    "cloudresourcemanager:GetOrganizationIamPolicy",
    "iam:GetDenyPolicy",
    "accesscontextmanager:ListServicePerimeters",
  ];
  const read = async (own: Answers = {}, reads = readsAll) => {
    const readings = await gcpCollectorOf(answeringReader(own), { reads }).readScope(testProject, "full", soon());
    return { readings, ancestry: readings.find(({ call }) => call === "cloudresourcemanager:GetAncestry") };
  };

  it("is not read where that is switched off", async () => {
    const { readings, ancestry } = await read({}, readsNothingBeyond);

    expect(readings.map(({ call }) => call).filter((call) => calls.includes(call))).toEqual([]);
    expect(told(readings)).toMatchObject({ ancestors: ["folders/77", "organizations/9"] });
    expect(ancestry?.parts).toEqual({});
  });

  it.each([
    ["gcp_ancestors", ["cloudresourcemanager:GetFolderIamPolicy", "cloudresourcemanager:GetOrganizationIamPolicy"]],
    ["gcp_deny_policies", ["iam:GetDenyPolicy", "iam:GetDenyPolicy", "iam:GetDenyPolicy"]],
    ["gcp_perimeters", ["accesscontextmanager:ListServicePerimeters"]],
  ])("is read in the part that %s switches on", async (name, expected) => {
    const { readings } = await read({}, { ...readsNothingBeyond, [name]: true });

    expect(readings.map(({ call }) => call).filter((call) => calls.includes(call))).toEqual(expected);
  });

  it("is listed completely, so that what a level told has ended where it is no longer above", async () => {
    const { ancestry } = await read();

    expect(ancestry?.parts).toEqual({
      "cloudresourcemanager:GetFolderIamPolicy": ["folders/77"],
      "cloudresourcemanager:GetOrganizationIamPolicy": ["organizations/9"],
      "iam:GetDenyPolicy": [testProject, "folders/77", "organizations/9"],
    });
  });

  it("is not known where the ancestry is refused: nothing ends, and the project's own deny policies are read", async () => {
    const { readings, ancestry } = await read({ getAncestry: refuse("access-denied") });

    expect(ancestry?.parts).toBeUndefined();
    expect(
      readings.map(({ call, part }) => `${call} ${part}`).filter((one) => calls.some((call) => one.startsWith(call))),
    ).toEqual([`iam:GetDenyPolicy ${testProject}`, "accesscontextmanager:ListServicePerimeters null"]);
    const perimeters = readings.find(({ call }) => call === "accesscontextmanager:ListServicePerimeters");
    expect(perimeters?.answer).toMatchObject({
      reason: "access-denied",
      call: "cloudresourcemanager:GetAncestry",
      permission: "resourcemanager.projects.get",
    });
  });

  it.each([
    { ancestor: [] },
    { ancestor: [{ resourceId: { type: "folder", id: "1" } }] },
    { ancestor: [{ resourceId: { type: "project", id: "p" } }, { resourceId: { type: "moon", id: "1" } }] },
    // Whatever is above a folder, an organization is at the end.
    { ancestor: [{ resourceId: { type: "project", id: "p" } }, { resourceId: { type: "folder", id: "1" } }] },
    {
      ancestor: [
        { resourceId: { type: "project", id: "p" } },
        { resourceId: { type: "organization", id: "9" } },
        { resourceId: { type: "folder", id: "1" } },
      ],
    },
    { ancestor: [{ resourceId: { type: "project", id: "p" } }, { resourceId: { type: "organization", id: 9 } }] },
    { ancestor: null },
    {},
  ])("is not known with the ancestry %j", async (ancestry) => {
    const { readings } = await read({ getAncestry: ancestry });

    expect(told(readings)).toMatchObject({
      ancestors: "(malformed)",
      "accesscontextmanager:ListServicePerimeters": "(malformed)",
    });
  });

  it("is nothing where the project is in no organization", async () => {
    const alone = { ancestor: [{ resourceId: { type: "project", id: "acme-keys" } }] };

    expect(told((await read({ getAncestry: alone })).readings)).toMatchObject({ ancestors: [], perimeters: null });
  });

  it("lists go on to the last page", async () => {
    const byPage =
      (name: string, items: readonly object[]): Answer =>
      (_of, next = "0") => ({
        [name]: [items[Number(next)]],
        ...(Number(next) + 1 < items.length ? { nextPageToken: String(Number(next) + 1) } : {}),
      });
    const denyName = (id: string) => ({ name: `policies/x%2Fy/denypolicies/${id}` });
    const { readings } = await read({
      listDenyPolicies: byPage("policies", [denyName("b"), denyName("a")]),
      getDenyPolicy: (name) => ({ name }),
      listAccessPolicies: byPage("accessPolicies", [{ name: "accessPolicies/1" }, { name: "accessPolicies/2" }]),
      listServicePerimeters: (policy, next = "0") => ({
        servicePerimeters: [{ name: `${policy}/servicePerimeters/${next}` }],
        ...(next === "0" ? { nextPageToken: "1" } : {}),
      }),
      listAccessLevels: {},
    });

    expect(told(readings)).toMatchObject({
      "deny_policies:folders/77": [denyName("a"), denyName("b")],
      perimeters: {
        perimeters: [
          { name: "accessPolicies/1/servicePerimeters/0" },
          { name: "accessPolicies/1/servicePerimeters/1" },
          { name: "accessPolicies/2/servicePerimeters/0" },
          { name: "accessPolicies/2/servicePerimeters/1" },
        ],
      },
    });
  });

  it("roles that are bound at several levels are read once", async () => {
    const reader = answeringReader({
      getProjectIamPolicy: iamPolicy(bindingOf(viewerRole), bindingOf(viewerRole)),
      getFolderIamPolicy: iamPolicy(bindingOf(viewerRole)),
    });

    const readings = await gcpCollectorOf(reader, { reads: readsAll }).readScope(testProject, "full", soon());

    expect(reader.count("getRole")).toBe(1);
    expect(readings.filter(({ call }) => call === "iam:GetRole")).toHaveLength(1);
  });
});

it.each(Object.keys(answers) as (keyof GcpReader)[])("a bug in %s is thrown on, once", async (method) => {
  const bug = () => {
    throw new TypeError("ours");
  };
  const collector = gcpCollectorOf(answeringReader({ [method]: bug }), { reads: readsAll });

  const ends = await Promise.allSettled([
    collector.readKey(testGcpKey, "full", soon()),
    collector.readScope(testProject, "full", soon()),
  ]);

  expect(ends.map(({ status }) => status)).toContain("rejected");
});

it("what is no name of a key is a bug", async () => {
  const collector = gcpCollectorOf(answeringReader());

  await expect(collector.readKey({ ...testGcpKey, resource: testRing }, "fast", soon())).rejects.toThrow(TypeError);
});
