import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLogger } from "../../src/cli/logger.ts";
import { type Server, startServer } from "../../src/cli/server.ts";
import { allCalls } from "../../src/collect/call-tables.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import type { AwsEventSelectors } from "../../src/model/aws.ts";
import type { Scan } from "../../src/model/scan.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { testOrganization } from "../support/aws-kms-key.ts";
import { externalSuite } from "./external-suite.ts";
import { motoDifferences } from "./moto-differences.ts";
import {
  documentedPolicy,
  type MadeOrganization,
  makeKey,
  makeKeys,
  makeOrganization,
  makeTrails,
  region,
  stranger,
} from "./moto-resources.ts";
import { type Moto, motoAccount, roleOf, startMoto } from "./moto-server.ts";

const absent = `arn:aws:kms:${region}:${motoAccount}:key/00000000-0000-4000-8000-000000000001`;

externalSuite("moto", { needs: ["moto_server"] }, () => {
  let folder: string;
  let moto: Moto;
  let server: Server;
  let organization: MadeOrganization;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "keyposture-moto-"));
    moto = await startMoto();
    const keys = await makeKeys(moto.endpoint);
    await makeTrails(moto.endpoint);
    organization = await makeOrganization(moto.endpoint);
    const { arn } = await makeKey(moto.endpoint, organization.member);
    server = await startService({ ...keys, absent, member: arn });
    const scans = await server.service.schedule.requestScan(null, "full");
    await Promise.all(scans.map(({ done }) => done));
  });

  afterAll(async () => {
    await server.close();
    await moto.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function startService(keys: Readonly<Record<string, string>>): Promise<Server> {
    const text = JSON.stringify({
      keys: Object.entries(keys).map(([name, resource]) => ({ name, resource })),
      organizations: [testOrganization],
      aws: { accounts: { [organization.member]: { role_arn: roleOf(organization.member) } } },
      reads: { aws_organization: true },
      lanes: { fast: "60s", full: "15m" },
      budgets: { ratio: 1 },
      database: join(folder, "keyposture.db"),
      server: { port: 0 },
    });
    const parsed = parseConfig(text, { file: "test", env: {}, knownCalls: Object.keys(allCalls) });
    if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join("; "));
    const local = { aws: { endpoint: moto.endpoint } };
    return startServer({ config: parsed.config, log: createLogger("silent"), local });
  }

  async function get<T>(path: string): Promise<T> {
    return (await (await fetch(`${server.url}${path}`)).json()) as T;
  }

  /** The facts of a key: their values, and in brackets why there is none. */
  async function factsOf(name: string): Promise<Record<string, unknown>> {
    const { facts } = await get<Snapshot>(`/keys/${name}/snapshot`);
    return Object.fromEntries(
      Object.entries(facts).map(([fact, { fact: one }]) => [
        fact,
        one.state === "known" ? one.value : `(${one.reason})`,
      ]),
    );
  }

  async function outcomesOf(name: string): Promise<Record<string, string>> {
    const { findings } = await get<{ findings: { check: string; outcome: string }[] }>(
      `/findings?key=${name}&limit=1000`,
    );
    return Object.fromEntries(findings.map(({ check, outcome }) => [check, outcome]));
  }

  /** The outcomes that are neither a pass nor, as nothing makes the check applicable, none. */
  async function notPassed(name: string): Promise<Record<string, string>> {
    const outcomes = Object.entries(await outcomesOf(name));
    expect(outcomes.filter(([, outcome]) => outcome === "pass").length).toBeGreaterThan(15);
    return Object.fromEntries(outcomes.filter(([, outcome]) => outcome !== "pass" && outcome !== "not-applicable"));
  }

  /** What moto does not tell of any key, though AWS does. */
  const holes = { multi_region: "(not-reported)" };
  const followsFromHoles = { "aws/key-single-region": "unknown" };

  it("knows every fact of a documented key that moto tells", async () => {
    const facts = await factsOf("documented");
    expect(facts).toMatchObject({
      existence: "present",
      read_arn: expect.stringMatching(`^arn:aws:kms:${region}:${motoAccount}:key/`),
      state: "Enabled",
      deletion_date: null,
      spec: "SYMMETRIC_DEFAULT",
      usage: "ENCRYPT_DECRYPT",
      manager: "CUSTOMER",
      origin: "AWS_KMS",
      material_expires: null,
      policy_text: documentedPolicy(motoAccount),
      grants: [],
      rotation: { enabled: true },
      // Its policy asks for none.
      tags: "(not-read-yet)",
      organization_policies: { organization_id: organization.id, management_account: true, levels: [] },
      ...holes,
    });
    const unread = Object.entries(facts).filter(([, value]) => /^\(.*\)$/.test(String(value)));
    expect(unread.map(([name]) => name).toSorted()).toEqual([...Object.keys(holes), "tags"].toSorted());
  });

  it.each([
    ["documented", {}],
    ["disabled", { "aws/key-enabled": "fail" }],
    ["deleted", { "aws/key-not-pending-deletion": "fail" }],
    [
      "open",
      {
        "aws/no-public-access": "fail",
        "aws/principal-role-scoped": "fail",
        "aws/encryption-context-bound": "fail",
        "aws/encryption-context-organization": "fail",
      },
    ],
    ["granted", { "aws/grants-are-expected": "fail" }],
    ["tagged", { "aws/no-unexpected-external-principal": "fail" }],
    // Enabled, and no word of its material.
    ["external", { "aws/key-material-from-kms": "fail", "aws/imported-material-does-not-expire": "unknown" }],
    ["signing", { "aws/key-symmetric-encrypt-decrypt": "fail" }],
    [
      "member",
      {
        "aws/resource-control-policy-allows-role": "fail",
        "aws/role-can-encrypt-and-decrypt": "fail",
        "aws/cloudtrail-logs-key-use": "fail",
      },
    ],
  ])("judges the key %s by what is particular to it, and by nothing else", async (name, expected) => {
    expect(await notPassed(name)).toEqual({ ...expected, ...followsFromHoles });
  });

  it("reads when a key is deleted, whom it is granted to, and the tags that its policy asks for", async () => {
    const inAWeek = Date.now() + 7 * 86_400_000;
    const { deletion_date } = await factsOf("deleted");
    expect(Math.abs(Number(deletion_date) - inAWeek)).toBeLessThan(3_600_000);
    expect(await factsOf("granted")).toMatchObject({
      grants: [
        {
          name: "for the stranger",
          grantee: stranger,
          operations: ["Decrypt", "GenerateDataKey"],
          context_subset: { purpose: "backup" },
          context_equals: null,
        },
      ],
    });
    expect(await factsOf("tagged")).toMatchObject({ tags: { team: "payments" } });
  });

  it("is told that a key is not there, and judges nothing else of it", async () => {
    expect(await factsOf("absent")).toMatchObject({ existence: "absent", state: "(not-found)" });
    const outcomes = Object.entries(await outcomesOf("absent")).filter(([, outcome]) => outcome !== "not-applicable");
    expect(Object.fromEntries(outcomes)).toMatchObject({ "aws/key-exists": "fail" });
    expect(outcomes.filter(([, outcome]) => outcome === "fail")).toHaveLength(1);
  });

  it("reads each trail with its status and its selectors", async () => {
    const facts = await factsOf("documented");
    const arnOf = (name: string) => `arn:aws:cloudtrail:${region}:${motoAccount}:trail/${name}`;
    expect(facts["trail_list"]).toEqual([
      expect.objectContaining({ arn: arnOf("everything"), multi_region: true, validates_log_files: true }),
      expect.objectContaining({ arn: arnOf("others"), multi_region: false, validates_log_files: true }),
    ]);
    expect(facts[`trail_status:${arnOf("everything")}`]).toEqual({ logging: true, delivery_error: null });
    expect(facts[`trail_status:${arnOf("others")}`]).toEqual({ logging: false, delivery_error: null });
    const [management] = (facts[`trail_selectors:${arnOf("everything")}`] as AwsEventSelectors).advanced ?? [];
    expect(management?.fields).toMatchObject([{ field: "eventCategory", equals: ["Management"] }]);
    expect(facts[`trail_selectors:${arnOf("others")}`]).toMatchObject({
      classic: [{ management_events: true, read_write: "All", excluded_sources: ["kms.amazonaws.com"] }],
    });
  });

  it("takes on the role of a member, and reads the policies above it from the root down", async () => {
    const { organization_policies } = await factsOf("member");
    const all = { id: "p-RCPFullAWSAccess" };
    const { policy, root, unit, member } = organization;
    expect(organization_policies).toMatchObject({
      organization_id: organization.id,
      management_account: false,
      levels: [
        { kind: "root", id: root, policies: [all] },
        { kind: "unit", id: unit, policies: expect.arrayContaining([expect.objectContaining(policy)]) },
        { kind: "account", id: member, policies: [all] },
      ],
    });
  });

  it("is refused nothing but what moto cannot do", async () => {
    const { scans } = await get<{ scans: readonly Scan[] }>("/scans");
    const refused = scans.flatMap((scan) => scan.refused.map(({ call, reason }) => `${call} ${reason}`));
    expect([...new Set(refused)].toSorted()).toEqual([
      // What `holes` names, and the material of the key external.
      "kms:DescribeKey not-reported",
      // Of a key that is not there; moto has an error of its own: see below.
      "kms:ListGrants unavailable",
    ]);
  });

  describe("differs from AWS, and a row that holds no longer is to be deleted", () => {
    it.each(motoDifferences)("$what", async ({ documented, holds }) => {
      expect(await holds(moto.endpoint), documented).toBe(true);
    });
  });
});
