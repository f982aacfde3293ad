/** IAM policies in files: as `gcloud … get-iam-policy --format=json` prints them. */
import type { GcpAuditConfig, GcpExpression, GcpIamPolicy, GcpPolicyBinding } from "../../model/gcp.ts";
import { memberOf } from "../json-document.ts";
import { type JsonNode, type Parsed, ParseFailure, parseJson, parsing } from "../parse-json.ts";

/** https://cloud.google.com/iam/docs/reference/rest/v1/Policy; what is not used here is passed over. */
export function parseIamPolicy(text: string): Parsed<GcpIamPolicy> {
  const json = parseJson(text);
  return json.ok ? parsing(text, () => policyOf(json.value)) : json;
}

function policyOf(node: JsonNode): GcpIamPolicy {
  if (node.kind !== "object") throw new ParseFailure("an IAM policy is an object", node.at);
  const version = memberOf(node, "version");
  if (version !== undefined && (version.kind !== "number" || !/^[0-3]$/.test(version.value))) {
    throw new ParseFailure("version is a number from 0 to 3", version.at);
  }
  return {
    version: version === undefined ? 0 : Number(version.value),
    bindings: list(node, "bindings").map(bindingOf),
    audit_configs: list(node, "auditConfigs").map(auditConfigOf),
  };
}

function bindingOf(node: JsonNode): GcpPolicyBinding {
  return {
    role: requiredText(node, "role"),
    members: texts(node, "members"),
    condition: conditionOf(memberOf(node, "condition")),
  };
}

function conditionOf(node: JsonNode | undefined): GcpExpression | null {
  if (node === undefined || node.kind === "null") return null;
  return { title: optionalText(node, "title"), expression: requiredText(node, "expression") };
}

function auditConfigOf(node: JsonNode): GcpAuditConfig {
  const logs = list(node, "auditLogConfigs").map((log) => ({
    type: requiredText(log, "logType"),
    exempted: texts(log, "exemptedMembers"),
  }));
  return { service: requiredText(node, "service"), logs };
}

/** Empty where it is left out, as Google leaves out what is empty. */
function list(node: JsonNode, key: string): readonly JsonNode[] {
  const found = memberOf(node, key);
  if (found === undefined) return [];
  if (found.kind !== "array") throw new ParseFailure(`${key} is a list`, found.at);
  return found.items;
}

function texts(node: JsonNode, key: string): readonly string[] {
  return list(node, key).map((item) => {
    if (item.kind !== "string") throw new ParseFailure(`${key} is a list of texts`, item.at);
    return item.value;
  });
}

function optionalText(node: JsonNode, key: string): string | null {
  const found = memberOf(node, key);
  if (found === undefined || found.kind === "null") return null;
  if (found.kind !== "string") throw new ParseFailure(`${key} is a text`, found.at);
  return found.value;
}

function requiredText(node: JsonNode, key: string): string {
  const found = optionalText(node, key);
  if (found === null) throw new ParseFailure(`${key} is missing`, node.at);
  return found;
}
