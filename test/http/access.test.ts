import { describe, expect, it } from "vitest";
import { anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";
import { known, unreadable } from "../../src/model/fact.ts";
import type { KeyAccessRow } from "../../src/model/key-access.ts";
import { minute, start } from "../store/support/material.ts";
import { allow, policyText } from "../support/ask-policy.ts";
import { testAccount, testKeyArn, testOrganization } from "../support/aws-kms-key.ts";
import type { Reply } from "./support/api.ts";
import { watchedKey } from "./support/watched-key.ts";

const iso = (at: number) => new Date(at).toISOString();
const rowsIn = ({ body }: Reply) => body["access"] as readonly KeyAccessRow[];

describe("GET /keys/{name}/access", () => {
  it("tells who can do what by which statement, under which condition", async () => {
    const { api, read } = await watchedKey();
    await read();

    const reply = await api.get("/keys/prod/access");

    expect(reply.body).toMatchObject({ key: "prod", resource: testKeyArn, as_of: iso(start), unreadable: [] });
    const published = { principal: anthropicAwsRoleArn, class: "anthropic-published", callers: [anthropicAwsRoleArn] };
    const uses = {
      ...published,
      operations: ["kms:Decrypt", "kms:Encrypt"],
      source: { kind: "key-policy", name: 'statement 2 "AnthropicUses"' },
      conditions: [`kms:EncryptionContext:anthropic:org_uuid is ${testOrganization}`],
    };
    const organization = { "anthropic:org_uuid": testOrganization };
    const open = { decision: "conditional", on: ["kms:EncryptionContext:anthropic:org_uuid"] };
    expect(rowsIn(reply).filter((row) => row.class === "anthropic-published")).toEqual([
      { ...uses, encryption_contexts: null, ...open },
      { ...uses, encryption_contexts: [organization], decision: "allowed", on: [] },
      {
        ...published,
        encryption_contexts: null,
        operations: ["kms:DescribeKey"],
        decision: "allowed",
        source: { kind: "key-policy", name: 'statement 3 "AnthropicDescribes"' },
        conditions: [],
        on: [],
      },
    ]);
    expect(rowsIn(reply).filter((row) => row.class !== "anthropic-published")).toEqual([
      expect.objectContaining({ principal: `arn:aws:iam::${testAccount}:root`, class: "own-account" }),
    ]);
  });

  it("tells of a moment in the past what was known then", async () => {
    const { api, read } = await watchedKey();
    await read();
    api.now += minute;
    await read({ policy_text: known(policyText(allow({ Principal: "*" }))) });

    const classes = async (query: string) => [
      ...new Set(rowsIn(await api.get(`/keys/prod/access${query}`)).map((row) => row.class)),
    ];

    expect(await classes("")).toContain("anyone");
    expect(await classes(`?as_of=${iso(start)}`)).toEqual(["anthropic-published", "own-account"]);
    const before = await api.get(`/keys/prod/access?as_of=${iso(start - minute)}`);
    expect(before.body["access"]).toEqual([]);
    expect(before.body["unreadable"]).toContainEqual(
      expect.objectContaining({ fact: "policy_access", reason: "not-read-yet", call: "kms:GetKeyPolicy" }),
    );
  });

  it("names what could not be read: an unreadable policy is not nobody", async () => {
    const { api, read } = await watchedKey();
    await read({ policy_text: unreadable("access-denied", "no") });

    const { body } = await api.get("/keys/prod/access");

    expect(body["unreadable"]).toEqual([
      {
        fact: "policy_access",
        reason: "access-denied",
        detail: "no",
        call: "kms:GetKeyPolicy",
        permission: "kms:GetKeyPolicy",
      },
    ]);
  });

  it("does not find a key that never was, and refuses the future", async () => {
    const { api } = await watchedKey();
    expect((await api.get("/keys/nobody/access")).body["code"]).toBe("key-not-found");
    expect((await api.get(`/keys/prod/access?as_of=${iso(start + 1)}`)).body["code"]).toBe("as-of-in-future");
    expect((await api.get("/keys/prod/access?at=now")).body["code"]).toBe("unknown-parameter");
  });
});
