import { existingKey } from "../../src/access/aws/existing-key.ts";
import { type GrantParty, unexpectedGrants } from "../../src/access/aws/unexpected-grants.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { unreadable } from "../../src/model/fact.ts";

/** A message names so many, the evidence all. */
const mostTold = 5;

export const grantsAreExpected = defineCheck({
  id: "aws/grants-are-expected",
  title: "Only expected principals have a grant on the key",
  resource: "aws.kms-key",
  severity: "high",
  why: "A grant gives access beside the key policy, and goes on doing so whatever the policy says later. Anthropic needs none.",
  remediation:
    "Revoke the grant (`aws kms revoke-grant --key-id … --grant-id …`), or register its principal under `expected_principals`; then find out who created it.",
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
    "https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html",
  ],
  controls: [
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN02.AR01", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.5", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-08", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["grant_access", "registered_key", "registration"],
  evaluate({ grant_access: { grants }, registered_key, registration }) {
    const parties = unexpectedGrants(grants, registration.expected_principals, registered_key);
    const proven = parties.filter(({ reason }) => reason !== "unknown-issuer");
    if (proven.length > 0) {
      const more = proven.length > mostTold ? `; and ${proven.length - mostTold} more` : "";
      const told = proven.slice(0, mostTold).map(wordsFor).join("; ");
      return { outcome: "fail", message: `${told}${more}`, evidence: { unexpected: proven.map(evidenceOf) } };
    }
    if (parties.length > 0) {
      const message = "which account issued grants to services is not known";
      const why = unreadable("not-reported", message, { call: "kms:ListGrants" });
      const on = parties.map(({ grant }) => ({ name: `issuing account of grant ${grant.id}`, why }));
      return { outcome: "undecided", on, message };
    }
    const grantees = [...new Set(grants.map(({ grantee }) => grantee.text))].toSorted();
    const message =
      grants.length === 0 ? "the key has no grants" : "the key's grants are for the own account and those expected";
    return { outcome: "pass", message, evidence: { grantees } };
  },
});

function wordsFor({ grant, part, principal, reason }: GrantParty): string {
  const can =
    part === "grantee"
      ? `gives ${principal.text} ${grant.operations.join(", ")}`
      : `may be retired by ${principal.text}`;
  const why = {
    anthropic: "which is of Anthropic's account and needs no grant",
    foreign: "which is neither of the own account nor expected",
    "foreign-issuer": `for account ${grant.issuing_account}, which issued it and is not expected`,
    "unknown-issuer": "for an account that is not known",
  } satisfies Record<GrantParty["reason"], string>;
  return `grant ${grant.name ?? grant.id} ${can}, ${why[reason]}`;
}

function evidenceOf({ grant, part, principal, reason }: GrantParty) {
  const { id, name, operations, issuing_account } = grant;
  const constraint =
    grant.constraint === null ? null : { kind: grant.constraint.kind, context: grant.constraint.context };
  return { grant: id, name, part, principal: principal.text, reason, operations, constraint, issuing_account };
}
