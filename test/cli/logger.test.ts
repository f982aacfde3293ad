import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { newTokenText } from "../../src/http/auth/token-text.ts";

const logger = join(import.meta.dirname, "../../src/cli/logger.ts");

/** What a process of its own writes on standard error. */
function logged(fields: object, message: string): string {
  const script = `
    import { createLogger } from ${JSON.stringify(logger)};
    const { fields, message } = JSON.parse(process.argv[1]);
    createLogger("info").info({ ...fields, err: new Error(message) }, message);`;
  const args = ["--input-type=module", "--eval", script, JSON.stringify({ fields, message })];
  return execFileSync("sh", ["-c", '"$@" 2>&1', "sh", process.execPath, ...args], { encoding: "utf8" });
}

it("the log leaves out what is named like a secret, and tokens wherever they stand", () => {
  const { text, id } = newTokenText();
  const fields = {
    [text]: text,
    authorization: "hunter2",
    request: { headers: { authorization: "hunter2", cookie: "hunter2" }, url: `/keys/${text}` },
    token_name: "ci",
  };
  const line = logged(fields, `there is no key ${text}`);
  expect(line.trim().split("\n")).toHaveLength(1);
  expect(JSON.parse(line)).toMatchObject({
    msg: `there is no key kp_${id}_[redacted]`,
    request: { url: `/keys/kp_${id}_[redacted]` },
    token_name: "ci",
  });
  expect(line).not.toContain(text.slice(17));
  expect(line).not.toContain("hunter2");
});
