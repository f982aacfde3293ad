import { describe, expect, it } from "vitest";
import { withoutOrphans } from "../../../src/access/aws/correct-principals.ts";
import { policyToCorrect } from "../../../src/access/aws/policy-to-correct.ts";
import { accessTo, allow, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { testAccount } from "../../support/aws-kms-key.ts";
import { testSettings, testTime } from "../../support/check-tester.ts";

const orphan = "AROAIOSFODNN7EXAMPLE1";
const own = allow({ Principal: { AWS: testAccount } });

function corrected(...statements: readonly Statement[]): unknown {
  const policy_text = policyText(statements);
  const context = { at: testTime, settings: testSettings };
  const text = withoutOrphans(policyToCorrect({ policy_text, policy_access: accessTo(policy_text) }, context));
  return text === undefined ? undefined : (JSON.parse(text) as { Statement: unknown }).Statement;
}

describe("withoutOrphans", () => {
  it.each<[string, readonly Statement[], unknown]>([
    [
      "one among others goes",
      [allow({ Principal: { AWS: [testAccount, orphan] } })],
      [allow({ Principal: { AWS: [testAccount] } })],
    ],
    ["a statement for nobody else goes with it", [own, allow({ Principal: { AWS: orphan } })], [own]],
    ["a Deny too", [own, deny({ Principal: { AWS: orphan } })], [own]],
    ["nothing changes where there is none", [own], undefined],
    ["no policy is left without a statement", [allow({ Principal: { AWS: orphan } })], undefined],
    [
      "NotPrincipal is not touched",
      [own, { Effect: "Deny", NotPrincipal: { AWS: orphan }, Action: "kms:*", Resource: "*" }],
      undefined,
    ],
  ])("%s", (_, before, after) => {
    expect(corrected(...before)).toEqual(after);
  });
});
