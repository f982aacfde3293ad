import { defineCheck } from "../../src/check/define-check.ts";

export const keyExists = defineCheck({
  id: "aws/key-exists",
  title: "The key exists in its account and region",
  resource: "aws.kms-key",
  severity: "critical",
  why: "A key that is gone cannot be brought back, and everything encrypted under it is lost with it.",
  remediation:
    "Compare the registered ARN with the key that Anthropic was given. If the key was deleted, its data is lost: register the replacement key and retire this one.",
  references: ["https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html"],
  controls: [],

  reads: ["existence"],
  evaluate({ existence }) {
    return existence === "present"
      ? { outcome: "pass", message: "the key's account and region know it", evidence: { existence } }
      : { outcome: "fail", message: "the key's account and region do not know it", evidence: { existence } };
  },
});
