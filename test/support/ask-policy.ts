import { publishedRole } from "../../src/access/aws/callers.ts";
import { type AwsKeyAttributes, keyAttributes } from "../../src/access/aws/key-attributes.ts";
import { policyAccess } from "../../src/access/aws/policy-access.ts";
import { compiledPolicy } from "../../src/access/aws/remembered-policies.ts";
import { anthropicAwsRoleArn } from "../../src/guidance/identifiers.ts";
import type { AwsAccessDecision, AwsAccessRequest, AwsCaller, AwsPolicyAccess } from "../../src/model/aws-access.ts";
import { known } from "../../src/model/fact.ts";
import { testKey } from "./aws-kms-key.ts";
import { testTime } from "./check-tester.ts";

export type Statement = Readonly<Record<string, unknown>>;

export const anthropicRole: AwsCaller = publishedRole(anthropicAwsRoleArn, ["160.79.104.0/21"]);

export const readAttributes = {
  spec: known("SYMMETRIC_DEFAULT"),
  usage: known("ENCRYPT_DECRYPT"),
  origin: known("AWS_KMS"),
  multi_region: known(false),
  tags: known({ Team: "payments" }),
} satisfies Partial<AwsKeyAttributes>;

export const testAttributes = keyAttributes(testKey, readAttributes);

/** A policy's text from its statements; version 2012-10-17 unless the test says another. */
export function policyText(
  statements: Statement | readonly Statement[],
  version: string | null = "2012-10-17",
): string {
  return JSON.stringify({ ...(version === null ? {} : { Version: version }), Statement: statements });
}

/** The access that a policy text gives to the test key. */
export function accessTo(text: string, attributes: AwsKeyAttributes = testAttributes): AwsPolicyAccess {
  const compiled = compiledPolicy(text);
  if (!compiled.ok) throw new Error(`${compiled.error.message} in line ${compiled.error.line}`);
  return policyAccess(compiled.value, attributes);
}

/** Asks one question; what is not named is Anthropic's role decrypting now without encryption context. */
export function ask(text: string, request: Partial<AwsAccessRequest> = {}): AwsAccessDecision {
  return accessTo(text).decide({ caller: anthropicRole, operation: "kms:Decrypt", at: testTime, ...request });
}

/** A statement for Anthropic's role on everything, but for what the test says. */
export function allow(changes: Statement = {}): Statement {
  return { Effect: "Allow", Principal: { AWS: anthropicAwsRoleArn }, Action: "kms:*", Resource: "*", ...changes };
}

export function deny(changes: Statement = {}): Statement {
  return { Effect: "Deny", Principal: "*", Action: "kms:*", Resource: "*", ...changes };
}
