import { memberOf, rootOf } from "../../src/access/aws/callers.ts";
import { isAboutKey } from "../../src/access/aws/condition-keys.ts";
import { withAdministration } from "../../src/access/aws/correct-role-access.ts";
import { existingKey } from "../../src/access/aws/existing-key.ts";
import { statementName } from "../../src/access/aws/operations-let-through.ts";
import { policyToCorrect } from "../../src/access/aws/policy-to-correct.ts";
import { requestAt } from "../../src/access/aws/request-at.ts";
import { defineCheck, type Verdict } from "../../src/check/define-check.ts";
import type { AwsStatementTrace } from "../../src/model/aws-access.ts";

const administration: readonly string[] = [
  "kms:PutKeyPolicy",
  "kms:GetKeyPolicy",
  "kms:DescribeKey",
  "kms:EnableKey",
  "kms:DisableKey",
  "kms:ScheduleKeyDeletion",
  "kms:CancelKeyDeletion",
];

export const accountRootAdministers = defineCheck({
  id: "aws/account-root-administers",
  title: "The key's own account as a whole may administer the key",
  resource: "aws.kms-key",
  severity: "medium",
  why: "If the only administrators that the policy names are deleted, nobody can change or enable the key any more, and only AWS Support can help.",
  remediation:
    'Add a statement without conditions that allows kms:* to the root of the key\'s own account ("arn:aws:iam::<account>:root"), and take its principals out of any Deny of kms:PutKeyPolicy.',
  references: [
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "SC-12", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["policy_access", "policy_text"],
  evaluate({ policy_access }, moment) {
    const { home } = policy_access;
    // Whoever its IAM lets stands for the account: what hangs on who that is, is limited.
    const anybody = memberOf(home.account, home);
    const allows = administration.map((operation) => {
      const traces = policy_access.trace(requestAt(moment, { caller: anybody, operation }));
      return { operation, traces: traces.filter(({ statement }) => statement.effect === "Allow") };
    });
    const notGiven = allows.filter(({ traces }) => traces.every(({ result }) => result !== "true"));
    const missing = notGiven.filter(({ traces }) => !traces.some(hangsOnKey)).map(({ operation }) => operation);
    if (missing.length > 0) {
      return {
        outcome: "fail",
        message: `no statement without a limiting condition gives account ${home.account} as a whole ${missing.join(", ")}`,
        evidence: { account: home.account, missing, denied_by: [] },
      };
    }
    if (notGiven.length > 0) {
      const traces = notGiven.flatMap((one) => one.traces);
      return undecided(home.account, traces.filter(hangsOnKey));
    }
    const denials = [anybody, rootOf(home.account, home.partition)].map((caller) =>
      policy_access
        .trace(requestAt(moment, { caller, operation: "kms:PutKeyPolicy" }))
        .filter(({ statement }) => statement.effect === "Deny")
        .filter((trace) => trace.result === "true" || hangsOnKey(trace)),
    );
    const hitting = denials.map((ofCaller) => ofCaller.filter(({ result }) => result === "true"));
    if (hitting.every((ofCaller) => ofCaller.length > 0)) {
      const denied_by = [...new Set(hitting.flat().map(({ statement }) => statementName(statement)))];
      return {
        outcome: "fail",
        message: `${denied_by.join(", ")} denies kms:PutKeyPolicy to every principal of account ${home.account}: except an administrator`,
        evidence: { account: home.account, missing: [], denied_by },
      };
    }
    if (denials.every((ofCaller) => ofCaller.length > 0)) {
      return undecided(home.account, denials.flat().filter(hangsOnKey));
    }
    return {
      outcome: "pass",
      message: `account ${home.account} as a whole may administer the key`,
      evidence: { account: home.account },
    };
  },
  correct: (facts, context) => withAdministration(policyToCorrect(facts, context)),
});

function undecided(account: string, open: readonly AwsStatementTrace[]): Verdict {
  const on = [...new Set(open.flatMap((trace) => trace.on))];
  const message = `whether account ${account} as a whole may administer the key hangs on ${on.join(", ")}`;
  return { outcome: "undecided", on, message };
}

/** The key is what it is, whoever asks: where that is not known, it is no limit. */
function hangsOnKey({ result, on }: AwsStatementTrace): boolean {
  return result === "unknown" && on.length > 0 && on.every(isAboutKey);
}
