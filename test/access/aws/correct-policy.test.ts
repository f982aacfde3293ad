import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addStatements,
  conditionValues,
  editConditionValues,
  editPolicy,
  editPrincipals,
  nameActions,
  namePrincipals,
  type StatementNode,
  setCondition,
  withoutConditionKeys,
} from "../../../src/access/aws/correct-policy.ts";
import { jsonNode, printJson } from "../../../src/access/json-document.ts";
import { parseJson } from "../../../src/access/parse-json.ts";
import type { Json } from "../../../src/model/json.ts";
import { arbitraryPolicy, statementOf } from "../../support/arbitrary-policy.ts";
import { policyText } from "../../support/ask-policy.ts";

function node(statement: Json): StatementNode {
  return jsonNode(statement) as StatementNode;
}
function plain(statement: StatementNode | undefined): unknown {
  return statement === undefined ? undefined : JSON.parse(printJson(statement));
}

describe("printJson", () => {
  it("prints what JSON.stringify prints", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, null, 2);
        const parsed = parseJson(text);
        // Equal keys apart, which no value has, everything that is JSON is read.
        expect(parsed.ok && printJson(parsed.value)).toBe(text);
        expect(JSON.parse(printJson(jsonNode(value as Json)))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("keeps numbers digit for digit", () => {
    const parsed = parseJson("[1.0, 12345678901234567890, 1e3]");
    expect(parsed.ok && printJson(parsed.value)).toBe("[\n  1.0,\n  12345678901234567890,\n  1e3\n]");
  });
});

describe("editPolicy", () => {
  it("keeps every statement that nobody edits, and all else, as it is", () => {
    fc.assert(
      fc.property(arbitraryPolicy, fc.nat(), (parts, nat) => {
        const statements = parts.map(statementOf);
        const at = nat % statements.length;
        const edited = editPolicy(policyText(statements), (one, index) =>
          index === at ? [nameActions(one, ["kms:X"])] : [one],
        );
        const { Action, NotAction, ...rest } = statements[at] as Record<string, unknown>;
        const expected = statements.with(at, { ...rest, Action: "kms:X" });
        expect(JSON.parse(edited ?? "")).toEqual({ Version: "2012-10-17", Statement: expected });
      }),
    );
  });
  it("says nothing where nothing changes, where nothing would be left, or where there is no policy", () => {
    const text = policyText({ Effect: "Allow" });
    expect(editPolicy(text, (one) => [one])).toBeUndefined();
    expect(editPolicy(text, () => [])).toBeUndefined();
    expect(editPolicy("{", (one) => [one, one])).toBeUndefined();
    expect(editPolicy("{}", (one) => [one, one])).toBeUndefined();
    expect(editPolicy("7", (one) => [one, one])).toBeUndefined();
  });
  it("adds to a single statement that stands in no list", () => {
    const added = addStatements('{"Id": "k", "Statement": {"Sid": "A"}}', [{ Sid: "A", n: 1 }, { Sid: "B" }]);
    expect(JSON.parse(added ?? "")).toEqual({ Id: "k", Statement: [{ Sid: "A" }, { n: 1 }, { Sid: "B" }] });
  });
});

describe("editPrincipals", () => {
  const without = (wrong: string) => (text: string) => (text === wrong ? [] : [text]);
  it.each<[string, Json, string, unknown]>([
    ["everybody", { Principal: "*" }, "*", undefined],
    ["the only one", { Principal: { AWS: "a" } }, "a", undefined],
    ["the last of a list", { Principal: { AWS: ["a"] } }, "a", undefined],
    ["one of a list", { Principal: { AWS: ["a", "b"] } }, "a", { Principal: { AWS: ["b"] } }],
    ["one of a kind", { Principal: { AWS: "a", Service: "s" } }, "a", { Principal: { Service: "s" } }],
    ["nobody", { Principal: { AWS: "b" } }, "a", { Principal: { AWS: "b" } }],
    ["nobody of NotPrincipal", { NotPrincipal: { AWS: "a" } }, "a", { NotPrincipal: { AWS: "a" } }],
  ])("takes out %s", (_, statement, wrong, expected) => {
    expect(plain(editPrincipals(node(statement), without(wrong)))).toEqual(expected);
  });
  it("names others in place of one, nobody twice", () => {
    const edit = (text: string) => (text === "*" ? ["x", "y"] : text === "a" ? ["b"] : [text]);
    expect(plain(editPrincipals(node({ Principal: "*" }), edit))).toEqual({ Principal: { AWS: ["x", "y"] } });
    expect(plain(editPrincipals(node({ Principal: { AWS: "*" } }), edit))).toEqual({ Principal: { AWS: ["x", "y"] } });
    expect(plain(editPrincipals(node({ Principal: { AWS: ["a", "b"] } }), edit))).toEqual({
      Principal: { AWS: ["b"] },
    });
  });
  it("gives the same statement back where nothing changes", () => {
    const statement = node({ Principal: { AWS: ["a", "b"] } });
    expect(editPrincipals(statement, (text) => [text])).toBe(statement);
  });
});

describe("the other edits", () => {
  it("name principals and actions in place of what excludes them", () => {
    expect(plain(namePrincipals(node({ NotPrincipal: { AWS: "a" }, Effect: "Allow" }), ["b"]))).toEqual({
      Principal: { AWS: "b" },
      Effect: "Allow",
    });
    expect(plain(nameActions(node({ NotAction: "a" }), ["b", "c"]))).toEqual({ Action: ["b", "c"] });
  });
  it("set a condition in place of what the operator says of that key, in whatever case", () => {
    const statement = node({ Condition: { StringEquals: { "KMS:x": "1", y: "2" }, Bool: { z: true } } });
    expect(plain(setCondition(statement, "StringEquals", "kms:X", ["3"]))).toEqual({
      Condition: { StringEquals: { y: "2", "kms:X": "3" }, Bool: { z: true } },
    });
    expect(plain(setCondition(node({}), "StringEquals", "k", ["1", "2"]))).toEqual({
      Condition: { StringEquals: { k: ["1", "2"] } },
    });
    expect(conditionValues(statement, "stringequals", "kms:X")).toEqual(["1"]);
  });
  it("take conditions on a key away, and what is then empty", () => {
    const statement = node({ Condition: { StringLike: { "KMS:x": "*" }, StringEquals: { "kms:x": "1", y: "2" } } });
    expect(plain(withoutConditionKeys(statement, ["kms:x"]))).toEqual({ Condition: { StringEquals: { y: "2" } } });
    expect(plain(withoutConditionKeys(node({ a: 1, Condition: { Bool: { b: true } } }), ["b"]))).toEqual({ a: 1 });
    expect(withoutConditionKeys(statement, ["z"])).toBe(statement);
  });
  it("take values away, and the statement with the last of them: no condition must vanish", () => {
    const statement = node({ Condition: { StringEquals: { a: ["1", "2"], b: "1" } } });
    const without = (wrong: string) => (_operator: string, _key: string, value: string) =>
      value === wrong ? [] : [value];
    expect(plain(editConditionValues(statement, without("2")))).toEqual({
      Condition: { StringEquals: { a: ["1"], b: "1" } },
    });
    expect(editConditionValues(statement, without("1"))).toBeUndefined();
    expect(editConditionValues(statement, without("3"))).toBe(statement);
  });
});
