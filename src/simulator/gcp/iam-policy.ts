// Reading and setting IAM policies, the same for every resource that has one. https://cloud.google.com/iam/docs/policies
import { createHash } from "node:crypto";
import type { JsonObject } from "../shape.ts";
import { wordText, wordValue } from "./enum-words.ts";
import { GcpError } from "./gcp-error.ts";
import { objectOf, objectsOf, present, textOf, textsOf } from "./gcp-operation.ts";
import type { SimulatedAuditConfig, SimulatedBinding, SimulatedPolicy } from "./resource-types.ts";

/** The etag of a policy that nobody ever set. */
const emptyEtag = "ACAB";

/**
 * A policy in the version that was asked for. Below 3, conditions are left out and the names of their roles show it.
 * https://cloud.google.com/iam/docs/troubleshoot-withcond
 */
export function shownPolicy(policy: SimulatedPolicy, input: JsonObject): JsonObject {
  const asked = Number(objectOf(input, "options")["requestedPolicyVersion"] ?? 0);
  checkVersion(asked);
  const conditional = policy.bindings.some(({ condition }) => condition !== undefined);
  const whole = asked === 3 || !conditional;
  return {
    version: isEmpty(policy) ? 0 : conditional && whole ? 3 : 1,
    etag: etagOf(policy),
    bindings: policy.bindings.map((binding) => (whole ? present({ ...binding }) : withoutCondition(binding))),
    auditConfigs: (policy.auditConfigs ?? []).map((config) => ({
      ...config,
      auditLogConfigs: config.auditLogConfigs.map((log) => ({ ...log, logType: wordValue(log.logType) })),
    })),
  };
}

/**
 * What SetIamPolicy makes of a policy. https://cloud.google.com/iam/docs/reference/rest/v1/Policy
 * @throws GcpError ABORTED when the etag is that of an older policy.
 */
export function changedPolicy(before: SimulatedPolicy, input: JsonObject): SimulatedPolicy {
  const policy = objectOf(input, "policy");
  const version = Number(policy["version"] ?? 0);
  checkVersion(version);
  const etag = textOf(policy, "etag");
  if (etag !== "" && etag !== etagOf(before)) {
    const message =
      "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff. " +
      `The request's ETag '${etag}' did not match the current policy's ETag '${etagOf(before)}'.`;
    throw new GcpError("ABORTED", message);
  }
  const bindings = objectsOf(policy, "bindings").map(bindingOf);
  if (version !== 3 && bindings.some(({ condition }) => condition !== undefined)) {
    throw new GcpError("INVALID_ARGUMENT", "Conditions are supported only in policies of version 3.");
  }
  const shown = bindings.find(({ role }) => role.includes("_withcond_"));
  if (shown !== undefined) {
    throw new GcpError(
      "INVALID_ARGUMENT",
      `Role ${shown.role} is the name of a conditional binding, which cannot be set.`,
    );
  }
  // Without a mask the audit configuration stays: https://cloud.google.com/resource-manager/reference/rest/Shared.Types/SetIamPolicyRequest
  const paths = textsOf(objectOf(input, "updateMask"), "paths");
  const mask = paths.length === 0 ? ["bindings"] : paths;
  const auditConfigs = mask.includes("audit_configs")
    ? objectsOf(policy, "auditConfigs").map(auditConfigOf)
    : before.auditConfigs;
  return {
    bindings: mask.includes("bindings") ? bindings.filter(({ members }) => members.length > 0) : before.bindings,
    ...(auditConfigs === undefined || auditConfigs.length === 0 ? {} : { auditConfigs }),
  };
}

/** What SetIamPolicy answers: the new policy in the version in which it was set. */
export function policyAfterSet(policy: SimulatedPolicy, input: JsonObject): JsonObject {
  return shownPolicy(policy, { options: { requestedPolicyVersion: objectOf(input, "policy")["version"] } });
}

function checkVersion(version: number): void {
  if (![0, 1, 3].includes(version)) {
    throw new GcpError("INVALID_ARGUMENT", `Policy version ${version} is not valid: it must be 0, 1 or 3.`);
  }
}

function withoutCondition({ role, members, condition }: SimulatedBinding): JsonObject {
  if (condition === undefined) {
    return { role, members };
  }
  const hash = createHash("sha256").update(JSON.stringify(condition)).digest("hex").slice(0, 20);
  return { role: `${role}_withcond_${hash}`, members };
}

function isEmpty({ bindings, auditConfigs = [] }: SimulatedPolicy): boolean {
  return bindings.length === 0 && auditConfigs.length === 0;
}

/** It follows from the content: the same policy has the same etag in every run. */
function etagOf(policy: SimulatedPolicy): string {
  const { bindings, auditConfigs = [] } = policy;
  const hash = createHash("sha256")
    .update(JSON.stringify([bindings, auditConfigs]))
    .digest();
  return isEmpty(policy) ? emptyEtag : hash.subarray(0, 8).toString("base64");
}

function bindingOf(binding: JsonObject): SimulatedBinding {
  const expression = textOf(objectOf(binding, "condition"), "expression");
  const named = { role: textOf(binding, "role"), members: textsOf(binding, "members") };
  if (expression === "") {
    return named;
  }
  const rest = ["title", "description", "location"]
    .map((name) => [name, textOf(objectOf(binding, "condition"), name)] as const)
    .filter(([, value]) => value !== "");
  return { ...named, condition: { expression, ...Object.fromEntries(rest) } };
}

function auditConfigOf(config: JsonObject): SimulatedAuditConfig {
  const auditLogConfigs = objectsOf(config, "auditLogConfigs").map((log) => {
    const exemptedMembers = textsOf(log, "exemptedMembers");
    return { logType: wordText(log["logType"]), ...(exemptedMembers.length === 0 ? {} : { exemptedMembers }) };
  });
  return { service: textOf(config, "service"), auditLogConfigs };
}
