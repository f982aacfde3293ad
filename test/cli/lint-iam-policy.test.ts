import { describe, expect, it } from "vitest";
import type { FileContext } from "../../src/cli/judge-file.ts";
import type { OutcomeName } from "../../src/model/outcome.ts";
import { documentedGcpBindings, testGcpKey, testGcpProject, testGcpRegistration } from "../support/gcp-kms-key.ts";
import { context as awsContext, file, judgeFile, results } from "./lint-files.ts";

const context: FileContext = {
  ...awsContext,
  origin: { account: testGcpProject, key: testGcpKey },
  registration: testGcpRegistration,
};

/** What `gcloud kms keys get-iam-policy --format=json` prints: the documented bindings, and these beside them. */
function policy(...bindings: readonly object[]): string {
  const documented = documentedGcpBindings.map(({ role, members }) => ({ members, role }));
  return JSON.stringify({ bindings: [...documented, ...bindings], etag: "BwYnXx0000A=", version: 1 }, null, 2);
}

const stranger = "serviceAccount:x@y-data.iam.gserviceaccount.com";
const decrypting = (member: string) => ({ role: "roles/cloudkms.cryptoKeyDecrypter", members: [member] });

describe("an IAM policy of gcloud", () => {
  it.each<[string, string, OutcomeName, string]>([
    ["as documented", "gcp/no-public-access", "pass", policy()],
    ["with everybody in it", "gcp/no-public-access", "fail", policy(decrypting("allUsers"))],
    ["as documented", "gcp/no-unexpected-external-principal", "pass", policy()],
    ["with a stranger in it", "gcp/no-unexpected-external-principal", "fail", policy(decrypting(stranger))],
    [
      "with a member of no known form",
      "gcp/no-unexpected-external-principal",
      "fail",
      policy(decrypting("planet:mars")),
    ],
  ])("%s: %s is %s", async (_, check, outcome, text) => {
    const report = await judgeFile(file("policy.json", text), context);
    expect(report).toMatchObject({ type: "gcloud-iam-policy", error: null });
    expect(report.outcomes.filter((one) => one.outcome === "error")).toEqual([]);
    expect(results(report)).toMatchObject({ [check]: outcome });
  });

  it("is judged by what it tells, and by nothing else", async () => {
    const report = await judgeFile(file("policy.json", policy()), context);
    for (const check of ["key-exists", "primary-version-enabled", "billing-enabled", "rotation-scheduled"]) {
      expect(results(report)).not.toHaveProperty(`gcp/${check}`);
    }
  });
});
