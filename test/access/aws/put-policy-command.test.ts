import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { putPolicyCommand } from "../../../src/access/aws/put-policy-command.ts";
import { testKeyArn, testRegion } from "../../support/aws-kms-key.ts";

describe("putPolicyCommand", () => {
  it("names the region, the key, the policy and the file", () => {
    expect(putPolicyCommand(testKeyArn, "prod-us.json")).toBe(
      `aws kms put-key-policy --region ${testRegion} --key-id ${testKeyArn} --policy-name default --policy file://prod-us.json`,
    );
  });

  it.each(["policy.json", "/tmp/my keys/prod.json", "it's.json", '$(touch x);`y` & "z" \\ *.json', "-n", "ä\nb.json"])(
    "is read by a shell as it is meant: %j",
    (file) => {
      const words = putPolicyCommand(testKeyArn, file).replace(/^aws/, "printf '%s\\0'");
      const read = execFileSync("sh", ["-c", words], { encoding: "utf8" }).split("\0").slice(0, -1);
      const options = ["--region", testRegion, "--key-id", testKeyArn, "--policy-name", "default"];
      expect(read).toEqual(["kms", "put-key-policy", ...options, "--policy", `file://${file}`]);
    },
  );
});
