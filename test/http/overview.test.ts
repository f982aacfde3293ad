import { describe, expect, it } from "vitest";
import { keyNamed, minute, outcomeOf, scope, start } from "../store/support/material.ts";
import { catalogue, startApi } from "./support/api.ts";
import { conclude, lacking, register } from "./support/conclude.ts";

const iso = (at: number) => new Date(at).toISOString();

describe("GET /checks", () => {
  it("is the catalogue", async () => {
    const api = await startApi();
    const { body } = await api.get("/checks");
    expect(body["checks"]).toMatchObject(catalogue.map(({ id }) => ({ id })));
  });

  it("tells of a check by its id", async () => {
    const api = await startApi();
    const [check] = catalogue;
    const { passNeeds, mayRead, ...plain } = check ?? { passNeeds: [], mayRead: [] };
    expect((await api.get("/checks/aws/key-enabled")).body).toEqual({
      ...plain,
      conflicts: [],
      pass_needs: passNeeds,
      may_read: mayRead,
      links: { self: "/checks/aws/key-enabled", findings: "/findings?check=aws%2Fkey-enabled" },
    });
  });

  it("names the benchmarks that ask for the opposite, and what stands in their place", async () => {
    const conflict = { framework: "F", version: "1", id: "2.3", reason: "No.", compensating: ["this", "that"] };
    const [check, ...others] = catalogue;
    if (check === undefined) expect.fail("the catalogue is empty");
    const api = await startApi({ catalogue: [{ ...check, conflicts: [conflict] }, ...others] });
    expect((await api.get(`/checks/${check.id}`)).body).toMatchObject({ conflicts: [conflict] });
    expect((await api.get("/checks")).body).toMatchObject({ checks: [{ conflicts: [conflict] }, { conflicts: [] }] });
  });

  it("does not find a check that is not in it", async () => {
    const api = await startApi();
    expect((await api.get("/checks/aws/nothing")).body["code"]).toBe("check-not-found");
    expect((await api.get("/checks/aws")).body["code"]).toBe("not-found");
  });
});

describe("GET /summary", () => {
  it("is empty for an empty database", async () => {
    const api = await startApi();
    expect((await api.get("/summary")).body).toEqual({
      as_of: iso(start),
      keys: { watched: 0, blind: [] },
      score: null,
      unknown_share: null,
      findings: {
        by_status: { open: 0, accepted: 0, resolved: 0, retired: 0, none: 0 },
        by_outcome: { pass: 0, fail: 0, unknown: 0, "not-applicable": 0, error: 0 },
        open_by_severity: { critical: 0, high: 0, medium: 0, low: 0 },
      },
      unknown: [],
      switched_off: [{ read: "reads.aws_organization", description: "policies of the organization" }],
      last_scans: [],
    });
  });

  it("has one score over all keys, which a critical failure of one holds down", async () => {
    const api = await startApi();
    await register(api, "good");
    await register(api, "bad");
    const pass = outcomeOf("aws/key-enabled", "pass", { severity: "critical" });
    await conclude(api, "good", [pass]);
    expect((await api.get("/summary")).body).toMatchObject({ score: 100, unknown_share: 0 });
    await conclude(api, "bad", [outcomeOf("aws/key-enabled", "fail", { severity: "critical" })]);
    expect((await api.get("/summary")).body).toMatchObject({ score: 39, unknown_share: 0 });
  });

  it("puts together what is missing, by call and scope", async () => {
    const api = await startApi();
    const grants = { evidence: lacking("grants", "kms:ListGrants") };
    const context = { evidence: { missing: [{ fact: "policy_access", reason: "conditional" }] } };
    for (const name of ["one", "two", "new"]) await register(api, name);
    await register(api, "far", { scope: "111122223333/eu-west-1" });
    await conclude(api, "one", [outcomeOf("aws/key-enabled", "pass"), outcomeOf("aws/logged", "unknown", grants)]);
    await conclude(api, "two", [
      outcomeOf("aws/key-enabled", "unknown", grants),
      outcomeOf("aws/logged", "unknown", grants),
    ]);
    await conclude(api, "far", [outcomeOf("aws/key-enabled", "fail"), outcomeOf("aws/logged", "unknown", context)]);
    const finished = { keys: 3, failed_keys: 0, changes: 0, refused: [], finished_at: start + minute };
    await api.store.write(async (tx) => {
      await tx.startScan({ id: "a", provider: "aws", scope, lane: "fast", started_at: start });
      await tx.finishScan("a", finished);
    });

    expect((await api.get("/summary")).body).toMatchObject({
      keys: { watched: 4, blind: ["new", "two"] },
      findings: {
        by_status: { open: 1, none: 5 },
        by_outcome: { pass: 1, fail: 1, unknown: 4 },
        open_by_severity: { high: 1 },
      },
      unknown: [
        {
          call: "kms:ListGrants",
          permission: "kms:ListGrants",
          reason: "access-denied",
          scope,
          facts: ["grants"],
          checks: ["aws/key-enabled", "aws/logged"],
          keys: 2,
        },
        { call: null, permission: null, reason: "conditional", scope: "111122223333/eu-west-1", keys: 1 },
      ],
      last_scans: [{ provider: "aws", scope, lane: "fast", finished_at: iso(start + minute) }],
    });
  });

  it("follows every change", async () => {
    const api = await startApi();
    await register(api, "one");
    expect((await api.get("/summary")).body["keys"]).toEqual({ watched: 1, blind: ["one"] });
    await conclude(api, "one", [outcomeOf("aws/key-enabled", "fail")]);
    expect((await api.get("/summary")).body["keys"]).toEqual({ watched: 1, blind: [] });
    await api.store.write((tx) => tx.retireKey("one", api.now));
    const { body } = await api.get("/summary");
    expect(body).toMatchObject({
      keys: { watched: 0, blind: [] },
      findings: { by_status: { open: 0, retired: 1 }, by_outcome: { fail: 0 } },
    });
  });

  it("reads the lacks of more findings than one page has", async () => {
    const api = await startApi();
    const checks = Array.from({ length: 1100 }, (_, index) => `aws/check-${index}`);
    await api.store.write((tx) => tx.registerKey(keyNamed("one"), api.now));
    const evidence = lacking("state", "kms:DescribeKey");
    await conclude(
      api,
      "one",
      checks.map((check) => outcomeOf(check, "unknown", { evidence })),
    );
    const { body } = await api.get("/summary");
    const [lack] = body["unknown"] as readonly { readonly checks: readonly string[] }[];
    expect(lack?.checks).toHaveLength(1100);
  });
});
