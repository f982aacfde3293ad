import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callersNamed, memberOf, rootOf } from "../../../src/access/aws/callers.ts";
import { correctedAwsFacts } from "../../../src/access/aws/corrected-facts.ts";
import { parsePolicy } from "../../../src/access/aws/parse-policy.ts";
import type { Check, CheckContext } from "../../../src/check/define-check.ts";
import { isWorse, offerCorrection, type Rejudge } from "../../../src/check/offer-correction.ts";
import { runCheck } from "../../../src/check/run-check.ts";
import { anthropicAwsAccount, anthropicAwsRoleArn } from "../../../src/guidance/identifiers.ts";
import { type FactsByName, known } from "../../../src/model/fact.ts";
import { guidanceRevisions } from "../../../src/model/guidance-revision.ts";
import type { Registration } from "../../../src/model/key.ts";
import { loadChecks } from "../../../tools/generate/load-checks.ts";
import { arbitraryPolicy, statementOf } from "../../support/arbitrary-policy.ts";
import { accessTo, allow, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import {
  awsKmsKey,
  testAccount,
  testCompartment,
  testKey,
  testOrganization,
  testRegistration,
} from "../../support/aws-kms-key.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";
import { correctionCases } from "../../support/correction-cases.ts";

const loaded = await loadChecks();
const checks: readonly Check[] = loaded.map(({ check }) => check).filter(({ resource }) => resource === "aws.kms-key");
const correcting = checks.filter(({ correct }) => correct !== undefined);
const byId = new Map(checks.map((check) => [check.id, check]));

const context: CheckContext = { at: testTime, guidance: "2026-09", settings: testSettings };
const orgKey = "kms:EncryptionContext:anthropic:org_uuid";
const foreign = "999988887777";
const ownRoot = { AWS: `arn:aws:iam::${testAccount}:root` };
const anthropicRoot = { AWS: `arn:aws:iam::${anthropicAwsAccount}:root` };
const namedUser = {
  text: `arn:aws:iam::${testAccount}:user/bob`,
  partition: "aws",
  account: testAccount,
  path: "/",
  name: "bob",
  session: null,
} as const;

function factsOf(text: string, registration: Partial<Registration> = {}): FactsByName {
  return awsKmsKey({
    policy_text: known(text),
    registration: known({ ...testRegistration, ...registration }),
  }).facts;
}

function rejudging(facts: FactsByName): Rejudge {
  return { catalogue: checks, factsWith: (text) => correctedAwsFacts(facts, testKey, text, testTime) };
}

/** Whether the own account, and a user of it that policies name, may change the policy. */
function ownMayChange(text: string) {
  const access = accessTo(text);
  const user = callersNamed({ ...namedUser, kind: "user" }, access.home);
  const callers = [rootOf(testAccount), memberOf(testAccount, access.home), ...user];
  return callers.map((caller) => access.decide({ caller, operation: "kms:PutKeyPolicy", at: testTime }).decision);
}

describe("a correction that is offered", () => {
  const wrong = fc.constantFrom<Statement>(
    allow({ Principal: anthropicRoot, Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*"] }),
    allow({ Principal: { AWS: [foreign, testAccount] } }),
    allow({ Principal: { AWS: `arn:aws:iam::${foreign}:role/anthropic-cmek-client-us` }, Action: "kms:Decrypt" }),
    allow({ Principal: "*", Action: "kms:Decrypt", Condition: { StringEquals: { "kms:CallerAccount": foreign } } }),
    allow({ Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": ["o-a", "o-b"] } } }),
    allow({ Principal: { AWS: ["AROAEXAMPLEEXAMPLE123", anthropicAwsRoleArn], Service: "s3.amazonaws.com" } }),
    allow({ Action: "kms:Decrypt", Condition: { StringEquals: { [orgKey]: "<organization>" } } }),
    deny({ Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-customer123" } } }),
  );
  const policies = fc
    .record({
      administered: fc.boolean(),
      wrong: fc.array(wrong, { maxLength: 2 }),
      others: arbitraryPolicy,
    })
    .map(({ administered, ...policy }) =>
      policyText([
        ...(administered ? [allow({ Principal: ownRoot })] : []),
        ...policy.wrong,
        ...policy.others.map(statementOf),
      ]),
    );
  const registrations = fc.record({
    organizations: fc.constantFrom([], [testOrganization]),
    compartments: fc.constantFrom([], [testCompartment]),
    in_use_since: fc.constantFrom(null, "2026-07-01"),
  });

  it("passes its check, leaves no other worse off, and can be put and changed again", () => {
    let offers = 0;
    fc.assert(
      fc.property(policies, registrations, fc.constantFrom(...guidanceRevisions), (text, registration, guidance) => {
        const facts = factsOf(text, registration);
        const judged = { ...context, guidance };
        for (const check of correcting) {
          const offered = offerCorrection(check, facts, rejudging(facts), judged);
          if (offered === undefined) continue;
          offers += 1;
          expect(JSON.stringify(JSON.parse(offered), null, 2)).toBe(offered);
          expect(parsePolicy(offered).ok).toBe(true);
          const corrected = factsOf(offered, registration);
          expect(runCheck(check, corrected, judged).outcome).toBe("pass");
          const [mightChange, mayChange] = [ownMayChange(text), ownMayChange(offered)];
          expect(mayChange.some((decision) => decision !== "denied")).toBe(true);
          if (mightChange[0] === "allowed") expect(mayChange[0]).toBe("allowed");
          for (const other of checks) {
            const [before, after] = [runCheck(other, facts, judged), runCheck(other, corrected, judged)];
            expect(isWorse(before, after), `${check.id} for ${other.id}: ${after.message}\n${offered}`).toBe(false);
          }
          // Once corrected, there is nothing left to offer.
          expect(offerCorrection(check, corrected, rejudging(corrected), judged)).toBeUndefined();
        }
      }),
      { numRuns: 100 },
    );
    expect(offers).toBeGreaterThan(0);
  });
});

describe("the correction of", () => {
  it.each(correctionCases)("$check: $name", ({ check, before, after, registration, guidance }) => {
    const found = byId.get(check);
    if (found === undefined) throw new Error(`there is no check ${check}`);
    const facts = factsOf(policyText(before), registration);
    const offered = offerCorrection(found, facts, rejudging(facts), { ...context, guidance: guidance ?? "2026-09" });
    expect(offered === undefined ? null : JSON.parse(offered)).toEqual(
      after === null ? null : { Version: "2012-10-17", Statement: after },
    );
  });
});
