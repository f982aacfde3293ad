/** JSON made, changed and printed as nodes: what nobody touched comes out as it was written, numbers digit for digit. */
import type { Json } from "../model/json.ts";
import type { JsonNode } from "./parse-json.ts";

export type ObjectNode = Extract<JsonNode, { kind: "object" }>;

/** A node that stands in no document yet. */
export function jsonNode(value: Json): JsonNode {
  const at = 0;
  if (value === null) return { kind: "null", at };
  if (typeof value === "string") return { kind: "string", at, value };
  if (typeof value === "number") return { kind: "number", at, value: String(value) };
  if (typeof value === "boolean") return { kind: "boolean", at, value };
  if (isList(value)) return { kind: "array", at, items: value.map(jsonNode) };
  return {
    kind: "object",
    at,
    members: Object.entries(value).map(([key, one]) => ({ key, at, value: jsonNode(one) })),
  };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Undefined where it is no object or has no such member. */
export function memberOf(node: JsonNode, key: string): JsonNode | undefined {
  return node.kind === "object" ? node.members.find((member) => member.key === key)?.value : undefined;
}

/** The object with that member: in the place of the old one, else at the end; undefined takes it out. */
export function withMember(node: ObjectNode, key: string, value: JsonNode | undefined): ObjectNode {
  const others = node.members.filter((member) => member.key !== key);
  if (value === undefined) return { ...node, members: others };
  const member = { key, at: 0, value };
  const known = others.length < node.members.length;
  return {
    ...node,
    members: known ? node.members.map((one) => (one.key === key ? member : one)) : [...others, member],
  };
}

/** As `JSON.stringify` with an indentation of two. */
export function printJson(node: JsonNode, indent = ""): string {
  const inner = `${indent}  `;
  switch (node.kind) {
    case "object": {
      const members = node.members.map(
        ({ key, value }) => `${inner}${JSON.stringify(key)}: ${printJson(value, inner)}`,
      );
      return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
    }
    case "array": {
      const items = node.items.map((item) => `${inner}${printJson(item, inner)}`);
      return items.length === 0 ? "[]" : `[\n${items.join(",\n")}\n${indent}]`;
    }
    case "string":
      return JSON.stringify(node.value);
    case "number":
      return node.value;
    case "boolean":
      return String(node.value);
    case "null":
      return "null";
  }
}
