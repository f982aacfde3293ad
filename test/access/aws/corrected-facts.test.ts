import { describe, expect, it } from "vitest";
import { correctedAwsFacts } from "../../../src/access/aws/corrected-facts.ts";
import { known, unreadable } from "../../../src/model/fact.ts";
import { allow, deny, policyText, type Statement } from "../../support/ask-policy.ts";
import { awsKmsKey, testAccount, testKey } from "../../support/aws-kms-key.ts";
import { testTime } from "../../support/check-tester.ts";

const ownRoot = `arn:aws:iam::${testAccount}:root`;
const bob = `arn:aws:iam::${testAccount}:user/bob`;
const own = allow({ Principal: { AWS: ownRoot } });
const bobs = allow({ Principal: { AWS: bob } });
const onlyOf = (key: string, value: string) => ({ Condition: { StringEquals: { [key]: value } } });

function corrected(before: readonly Statement[], after: string) {
  const { facts } = awsKmsKey({ policy_text: known(policyText(before)) });
  return correctedAwsFacts(facts, testKey, after, testTime);
}

describe("correctedAwsFacts", () => {
  it("are all facts, with what follows from the policy", () => {
    const text = policyText([own]);
    const facts = corrected([own, allow()], text);
    expect(facts).toMatchObject({
      existence: { value: "present" },
      policy_text: { value: text },
      policy: { value: { statements: { length: 1 } } },
    });
  });

  const cases: readonly [name: string, before: readonly Statement[], after: readonly Statement[], refused: boolean][] =
    [
      ["the account still administers", [own, bobs], [own], false],
      ["a named one of the account still administers", [bobs, allow()], [bobs], false],
      ["nobody of the account administers", [own], [allow()], true],
      ["nobody did and nobody does", [allow()], [allow({ Action: "kms:Decrypt" })], true],
      ["the account no longer administers, a named one does", [own, bobs], [bobs], true],
      [
        "a named one no longer does, and the account did not",
        [bobs, allow({ Principal: { AWS: `${bob}by` } })],
        [bobs],
        true,
      ],
      ["the account does not any more because of a Deny", [own], [own, deny({ Action: "kms:PutKeyPolicy" })], true],
      ["the account does only on a condition", [own], [{ ...own, ...onlyOf("aws:PrincipalTag/x", "y") }], true],
      [
        "the account does on the condition that was there",
        [{ ...own, ...onlyOf("aws:PrincipalTag/x", "y") }, allow()],
        [{ ...own, ...onlyOf("aws:PrincipalTag/x", "y") }],
        false,
      ],
    ];
  it.each(cases)("where %s", (_, before, after, refused) => {
    expect(corrected(before, policyText(after)) === undefined).toBe(refused);
  });

  it("are none where the text is no policy, or longer than AWS takes", () => {
    expect(corrected([own], "{")).toBeUndefined();
    const padded = (length: number) => policyText([{ ...own, Sid: "x".repeat(length) }]);
    const room = 32_768 - padded(0).length;
    expect(corrected([own], padded(room))).toBeDefined();
    expect(corrected([own], padded(room + 1))).toBeUndefined();
  });

  it("are none where the policy of now was not read", () => {
    const { facts } = awsKmsKey({ policy_text: unreadable("access-denied", "") });
    expect(correctedAwsFacts(facts, testKey, policyText([own]), testTime)).toBeUndefined();
  });
});
