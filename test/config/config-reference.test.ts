import { describe, expect, it } from "vitest";
import { configReference, knownNames } from "../../src/config/config-reference.ts";

describe("configReference", () => {
  const fields = configReference();

  it.each(fields.map((field) => [field.path, field] as const))(
    "%s has a description in whole sentences",
    (_, field) => {
      expect(field.description).toMatch(/^[A-Z].*[.]$/s);
    },
  );

  it("has defaults as one would write them", () => {
    const standards = Object.fromEntries(fields.map(({ path, standard }) => [path, standard]));
    expect(standards).toMatchObject({
      "lanes.fast": '"60s"',
      "settings.anthropic_egress": '["160.79.104.0/21"]',
      "budgets.ratio": "0.25",
      "server.port": "8080",
      server: null,
      "keys[].resource": null,
    });
  });

  it("says what must be there", () => {
    expect(fields.filter(({ required }) => required).map(({ path }) => path)).toEqual([
      "keys[].resource",
      "aws.accounts.<name>.role_arn",
    ]);
  });

  it("says the types", () => {
    const types = Object.fromEntries(fields.map(({ path, type }) => [path, type]));
    expect(types).toMatchObject({
      keys: "list of mapping",
      guidance: '"2026-06" or "2026-07" or "2026-09"',
      "keys[].in_use_since": "string or null",
      "reads.aws_organization": "boolean",
    });
  });
});

describe("knownNames", () => {
  it.each([
    [["server"], ["host", "port", "auth", "tokens_file"]],
    [
      ["aws", "accounts", "111122223333"],
      ["role_arn", "external_id"],
    ],
    [["keys", 0, "labels"], []],
    [["nothing", "such"], []],
  ])("%j", (path, expected) => {
    expect(knownNames(path)).toEqual(expected);
  });
});
