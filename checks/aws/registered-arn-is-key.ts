import { existingKey } from "../../src/access/aws/existing-key.ts";
import { defineCheck } from "../../src/check/define-check.ts";

const keyArn = /^arn:[a-z0-9-]+:kms:([a-z0-9-]+):\d{12}:key\/[^/:\s]+$/;

export const registeredArnIsKey = defineCheck({
  id: "aws/registered-arn-is-key",
  title: "What is registered is the ARN of the key itself",
  resource: "aws.kms-key",
  severity: "high",
  why: "An alias can be pointed to another key at any time, and a bare id says nothing of account and region: what is judged would not be the key that Anthropic uses.",
  remediation:
    "Register the key's own ARN, with Anthropic and here (`aws kms describe-key --key-id … --query KeyMetadata.Arn`).",
  references: ["https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id"],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CM-8", basis: "judgement" },
    { framework: "ISO 27001", version: "2022", id: "A.5.9", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-21", basis: "judgement" },
  ],

  scope: existingKey,

  reads: ["registered_key"],
  passNeeds: ["read_arn"],
  evaluate({ registered_key: { arn, region }, read_arn }) {
    const read = read_arn.state === "known" ? read_arn.value : null;
    const regionOfArn = keyArn.exec(arn)?.[1];
    const wrong = [
      ...(regionOfArn === undefined ? [whatElse(arn)] : []),
      ...(regionOfArn !== undefined && regionOfArn !== region
        ? [`${arn} is in ${regionOfArn}, and the registered region is ${region}`]
        : []),
      ...(read !== null && read !== arn ? [`the key that answered is ${read}, and ${arn} is registered`] : []),
    ];
    const evidence = { registered: arn, region, read };
    return wrong.length === 0
      ? { outcome: "pass", message: "the registered ARN is the one of the key that was read", evidence }
      : { outcome: "fail", message: wrong.join("; "), evidence };
  },
});

function whatElse(text: string): string {
  if (/(?:^|:)alias\//.test(text)) return `${text} is an alias, which can be pointed to another key at any time`;
  return text.startsWith("arn:")
    ? `${text} is an ARN of something else than a KMS key`
    : `${text} is no ARN, and says nothing of account and region`;
}
