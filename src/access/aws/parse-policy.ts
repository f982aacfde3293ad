/** From the text of a policy to its parts. What AWS would refuse to store is an error with its position. */
import type { AwsCondition, AwsElement, AwsPolicy, AwsPrincipal, AwsStatement } from "../../model/aws-access.ts";
import {
  type JsonMember,
  type JsonNode,
  type Parsed,
  ParseFailure,
  parseJson,
  parsing,
  positionOf,
} from "../parse-json.ts";
import { parseOperator } from "./parse-operator.ts";
import { parseAwsPrincipal } from "./parse-principal.ts";
import { findPlaceholders } from "./placeholders.ts";

/**
 * Parses a key policy or a resource control policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(text: string): Parsed<AwsPolicy> {
  const json = parseJson(text);
  if (!json.ok) return json;
  return parsing(text, () => readDocument(json.value, text));
}

type Members = ReadonlyMap<string, JsonMember>;

function readDocument(node: JsonNode, text: string): AwsPolicy {
  const members = membersOf(node, "a policy", ["Version", "Id", "Statement"]);
  const list = members.get("Statement");
  if (list === undefined) throw new ParseFailure("Statement is missing", node.at);
  const nodes = list.value.kind === "array" ? list.value.items : [list.value];
  const statements = nodes.map((statement, index) => readStatement(statement, index, text));
  const version = optionalText(members, "Version");
  return {
    version,
    id: optionalText(members, "Id"),
    statements,
    principals: distinctPrincipals(statements),
    placeholders: findPlaceholders(statements, version),
  };
}

const statementElements = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

function readStatement(node: JsonNode, index: number, text: string): AwsStatement {
  const members = membersOf(node, "a statement", statementElements);
  const effect = optionalText(members, "Effect");
  if (effect !== "Allow" && effect !== "Deny") {
    throw new ParseFailure('Effect must be "Allow" or "Deny"', members.get("Effect")?.value.at ?? node.at);
  }
  const principals = readPair(members, "Principal", readPrincipals);
  if (principals === null) throw new ParseFailure("Principal is missing", node.at);
  const condition = members.get("Condition");
  return {
    index,
    sid: optionalText(members, "Sid"),
    line: positionOf(text, node.at).line,
    effect,
    principals,
    actions: readPair(members, "Action", readTexts),
    resources: readPair(members, "Resource", readTexts),
    conditions: condition === undefined ? [] : readConditions(condition.value),
  };
}

/** `Name` or `NotName`, which exclude each other. */
function readPair<T>(members: Members, name: string, read: (node: JsonNode) => readonly T[]): AwsElement<T> | null {
  const [plain, negated] = [members.get(name), members.get(`Not${name}`)];
  if (plain !== undefined && negated !== undefined) {
    throw new ParseFailure(`${name} and Not${name} exclude each other`, negated.at);
  }
  const found = plain ?? negated;
  return found === undefined ? null : { negated: found === negated, values: read(found.value) };
}

function readPrincipals(node: JsonNode): readonly AwsPrincipal[] {
  if (node.kind === "string" && node.value === "*") return [{ kind: "anyone", text: "*" }];
  const members = membersOf(node, 'Principal, if not "*",', ["AWS", "Service", "Federated", "CanonicalUser"]);
  return [...members].flatMap(([type, { value }]) => readTexts(value).map((text) => principalOf(type, text)));
}

function principalOf(type: string, text: string): AwsPrincipal {
  if (type === "AWS") return parseAwsPrincipal(text);
  if (type === "CanonicalUser") return { kind: "canonical-user", text };
  if (text.includes("*")) return { kind: "invalid", text };
  return { kind: type === "Service" ? "service" : "federated", text };
}

function readConditions(node: JsonNode): readonly AwsCondition[] {
  if (node.kind !== "object") throw new ParseFailure("Condition must be an object", node.at);
  return node.members.flatMap((operator) => {
    if (operator.value.kind !== "object") {
      throw new ParseFailure(`${operator.key} must be an object of condition keys`, operator.value.at);
    }
    return operator.value.members.map((member) => ({
      ...parseOperator(operator.key),
      key: member.key,
      values: readScalars(member.value),
    }));
  });
}

function readScalars(node: JsonNode): readonly string[] {
  if (node.kind === "array") return node.items.map(scalarText);
  return [scalarText(node)];
}

function scalarText(node: JsonNode): string {
  if (node.kind === "string" || node.kind === "number") return node.value;
  if (node.kind === "boolean") return String(node.value);
  throw new ParseFailure("a condition's value must be a text, a number, true or false", node.at);
}

function readTexts(node: JsonNode): readonly string[] {
  const nodes = node.kind === "array" ? node.items : [node];
  return nodes.map((item) => {
    if (item.kind !== "string") throw new ParseFailure("a text or a list of texts is needed", item.at);
    return item.value;
  });
}

function optionalText(members: Members, name: string): string | null {
  const found = members.get(name)?.value;
  if (found === undefined) return null;
  if (found.kind !== "string") throw new ParseFailure(`${name} must be a text`, found.at);
  return found.value;
}

/** An element that AWS does not know could change what a statement means, so it is not passed over. */
function membersOf(node: JsonNode, what: string, names: readonly string[]): Members {
  if (node.kind !== "object") throw new ParseFailure(`${what} must be an object`, node.at);
  const stranger = node.members.find((member) => !names.includes(member.key));
  if (stranger !== undefined) {
    throw new ParseFailure(`${JSON.stringify(stranger.key)} is no element of ${what.replace(/,.*/, "")}`, stranger.at);
  }
  return new Map(node.members.map((member) => [member.key, member]));
}

function distinctPrincipals(statements: readonly AwsStatement[]): readonly AwsPrincipal[] {
  const named = statements.flatMap((statement) => statement.principals?.values ?? []);
  return [...new Map(named.map((principal) => [`${principal.kind} ${principal.text}`, principal])).values()];
}
