import { expect, it } from "vitest";
import { cloudedService, keys, projects, rings, type Scanned } from "./gcp-clouded-service.ts";
import { conclusionsOf } from "./service-of-cloud.ts";

const exists = "gcp/key-exists";

it("a project that is on its way out is said to be, and everything else stands", { timeout: 30_000 }, async () => {
  const service = await cloudedService();
  const { control } = service.simulator;
  const before = await service.scan();

  control.patch({ resource: projects.own, change: { state: "DELETE_REQUESTED" } });
  const after = await service.scan();

  for (const name of ["healthy", "open"] as const) {
    const { [exists]: own, ...others } = conclusionsOf(after, name);
    const { [exists]: _, ...stood } = conclusionsOf(before, name);
    expect(own, name).toEqual({ status: "open", outcome: "fail" });
    expect(others, name).toEqual(stood);
  }
  expect(conclusionsOf(after, "other")).toEqual(conclusionsOf(before, "other"));
  expect(after.refused).toEqual([]);

  control.reset({ only: ["resources"] });
  const mended = await service.scan();
  expect(conclusionsOf(mended, "healthy")).toEqual({
    ...conclusionsOf(before, "healthy"),
    [exists]: { status: "resolved", outcome: "pass" },
  });
});

it("a project that nobody may see any more is no key that is gone", { timeout: 30_000 }, async () => {
  const service = await cloudedService();
  const { control } = service.simulator;
  const before = await service.scan();

  // As Google answers whoever may not know that there is nothing.
  for (const resource of [projects.own, ...Object.values(rings), ...Object.values(keys)]) {
    if (resource.startsWith(projects.own)) control.deny({ call: "*", resource });
  }
  const after = await service.scan();

  for (const name of ["healthy", "open"] as const) {
    expect(after.facts[name]["existence"], name).toMatchObject({ state: "unreadable", reason: "access-denied" });
    for (const { check, status, latest } of after.findings[name]) {
      const was = conclusionsOf(before, name)[check];
      expect(status, `${name} ${check}`).toBe(was?.status);
      expect(latest.outcome === "unknown" || latest.outcome === was?.outcome, `${name} ${check}`).toBe(true);
    }
  }
  expect(conclusionsOf(after, "other")).toEqual(conclusionsOf(before, "other"));
  expect(after.exitCode).toBe(3);
});

it("a key that the complete list does not have is gone, and its open findings are closed", {
  timeout: 30_000,
}, async () => {
  const service = await cloudedService();
  const { control } = service.simulator;
  await service.scan();
  control.reset({ only: ["calls"] });

  control.patch({ resource: keys.open, change: null });
  const after = await service.scan();

  expect(conclusionsOf(after, "open")[exists]).toEqual({ status: "open", outcome: "fail" });
  expect(Object.values(conclusionsOf(after, "open")).filter(({ status }) => status === "open")).toHaveLength(1);
  expect(conclusionsOf(after, "healthy")[exists]).toEqual({ status: "none", outcome: "pass" });
  // Asked for twice, and the key that is there is not asked for again.
  expect(control.calls().by_resource[rings.own]?.["cloudkms:ListCryptoKeys"]?.received).toBe(2);
});

it("answers that never come end as time-outs, over gRPC and over REST", { timeout: 90_000 }, async () => {
  const service = await cloudedService();
  const { control } = service.simulator;
  const before = await service.scan();

  control.fail({ call: "cloudkms:GetCryptoKeyIamPolicy", resource: keys.open, times: 3, how: "hang" });
  control.fail({ call: "cloudbilling:*", resource: projects.own, times: 3, how: "hang" });
  const after = await service.scan();

  expect(after.refused).toEqual([
    `${projects.own} cloudbilling:GetProjectBillingInfo timeout resourcemanager.projects.get 1x`,
    `${projects.own} cloudkms:GetCryptoKeyIamPolicy timeout cloudkms.cryptoKeys.getIamPolicy 1x`,
  ]);
  expect(after.exitCode).toBe(3);
  expect(after.facts.open["key_policy"]).toMatchObject({ state: "unreadable", reason: "timeout" });
  expect(after.facts.healthy["key_policy"]).toEqual(before.facts.healthy["key_policy"]);
  for (const name of service.names) {
    const statuses = (scanned: Scanned) =>
      Object.fromEntries(scanned.findings[name].map(({ check, status }) => [check, status]));
    expect(statuses(after), name).toEqual(statuses(before));
  }
});
