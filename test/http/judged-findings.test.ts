import { describe, expect, it } from "vitest";
import { z } from "zod";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";
import { findingsSchema } from "../../src/http/schemas/finding.ts";
import { known, unreadable } from "../../src/model/fact.ts";
import { minute, start } from "../store/support/material.ts";
import { allow, policyText } from "../support/ask-policy.ts";
import { testAccount, testKeyArn, testRegistration } from "../support/aws-kms-key.ts";
import { watchedKey, wholeCatalogue } from "./support/watched-key.ts";

const iso = (at: number) => new Date(at).toISOString();

describe("a finding of the real catalogue", () => {
  const wholeAccount = policyText([
    allow({ Principal: { AWS: `arn:aws:iam::${testAccount}:root` } }),
    allow({ Principal: { AWS: anthropicAwsAccount }, Action: ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"] }),
  ]);

  it("names the benchmarks that ask for the opposite of its check, at any moment", async () => {
    const conflict = { framework: "F", version: "1", id: "2.3", reason: "No.", compensating: ["this"] };
    const { api, read } = await watchedKey(
      testRegistration,
      wholeCatalogue.map((check) => (check.id === "aws/key-enabled" ? { ...check, conflicts: [conflict] } : check)),
    );
    await read();
    const pathOf = async (check: string) => {
      const list = await api.get(`/findings?check=${check}&outcome=pass`);
      const [finding] = list.body["findings"] as readonly { id: string }[];
      return `/findings/${finding?.id ?? expect.fail(check)}`;
    };
    const path = await pathOf("aws/key-enabled");
    expect((await api.get(path)).body).toMatchObject({ outcome: "pass", conflicts: [conflict] });
    const before = await api.get(`${path}?as_of=${iso(start - minute)}`);
    expect(before.body).toMatchObject({ outcome: null, conflicts: [conflict] });
    expect((await api.get(await pathOf("aws/key-exists"))).body).toMatchObject({ conflicts: [] });
  });

  it("is listed with what the document of the API says, in its order, and nothing else", async () => {
    const { api, read } = await watchedKey();
    await read({ policy_text: known(wholeAccount) });
    api.now += minute;
    await read({ policy_text: unreadable("access-denied", "no") });
    for (const query of ["provider=aws", `provider=aws&as_of=${iso(start)}`]) {
      const { text, body } = await api.get(`/findings?${query}&limit=200`);
      expect(body["findings"]).not.toHaveLength(0);
      expect(text).toBe(JSON.stringify(z.encode(findingsSchema, body as z.output<typeof findingsSchema>)));
    }
  });

  it("carries a correction while an open failure has one, and for no other moment", async () => {
    const { api, read } = await watchedKey();
    await read({ policy_text: known(wholeAccount) });
    const list = await api.get("/findings?check=aws/principal-role-scoped");
    const [finding] = list.body["findings"] as readonly { id: string; outcome: string }[];
    expect(finding).toMatchObject({ outcome: "fail" });
    const path = `/findings/${finding?.id}`;

    const correction = (await api.get(path)).body["correction"] as { policy: string; command: string };

    expect(correction.command).toBe(
      `aws kms put-key-policy --region us-east-2 --key-id ${testKeyArn} --policy-name default --policy file://policy.json`,
    );
    expect(JSON.parse(correction.policy)).toMatchObject({
      Statement: [
        { Principal: { AWS: `arn:aws:iam::${testAccount}:root` } },
        { Principal: { AWS: anthropicAwsRoleArn } },
      ],
    });
    expect((await api.get(`${path}?as_of=${iso(start)}`)).body["correction"]).toBeNull();

    api.now += minute;
    await read({ policy_text: unreadable("access-denied", "no") });
    expect((await api.get(path)).body).toMatchObject({ outcome: "unknown", status: "open", correction: null });

    await read({ policy_text: known(correction.policy) });
    expect((await api.get(path)).body).toMatchObject({ outcome: "pass", status: "resolved", correction: null });
  });

  it("names the failing checks that explain a failure, then and now", async () => {
    const { api, read } = await watchedKey();
    const failing = async (query = "") => {
      const { body } = await api.get(`/findings?check=aws/principal-role-scoped${query}`);
      return (body["findings"] as readonly { outcome: string; caused_by: unknown; evidence: unknown }[])[0];
    };
    await read({ policy_text: known(policyText(allow({ Principal: "*" }))) });
    const causes = ["aws/no-public-access"];
    expect(await failing()).toMatchObject({ outcome: "fail", caused_by: causes, evidence: { caused_by: causes } });

    api.now += minute;
    await read({ policy_text: known(wholeAccount) });
    expect(await failing()).toMatchObject({ outcome: "fail", caused_by: [], evidence: { caused_by: [] } });
    expect(await failing(`&as_of=${iso(start)}`)).toMatchObject({ caused_by: causes });

    await read();
    expect(await failing()).toMatchObject({ outcome: "pass", caused_by: [] });
  });
});
