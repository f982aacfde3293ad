import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { formatTable } from "../../src/cli/format-table.ts";
import { aboutScopes } from "../../src/cli/scan-report.ts";
import { visible } from "../../src/cli/visible-text.ts";
import { runCli } from "../support/run-cli.ts";

it("writes as escapes what a terminal would obey or not show, and leaves the rest as it is", () => {
  expect(visible("a\u001b[2J\r\n\u009b\u202e\u2028\u{e0001}\ud800")).toBe(
    "a\\u001b[2J\\u000d\\u000a\\u009b\\u202e\\u2028\\u{e0001}\\ud800",
  );
  expect(visible('plain \\u001b "…" é 鍵 🔑')).toBe('plain \\u001b "…" é 鍵 🔑');
});

it("keeps columns straight", () => {
  expect(formatTable(["A", "B"], [["\n", "x"]])).toBe("A       B\n\\u000a  x\n");
});

it("shows what a cloud says of a refusal on one line", () => {
  const refused = [
    { call: "kms:GetKeyPolicy", permission: null, reason: "unavailable", detail: "a\n\u001b[2J", subjects: 1 },
  ] as const;
  const scopes = [{ scope: "111122223333/us-east-2", skipped: false, failed_keys: 0, refused }];
  expect(aboutScopes({ scopes })).toBe(
    "111122223333/us-east-2: kms:GetKeyPolicy unavailable (1x): a\\u000a\\u001b[2J\n",
  );
});

it("lets no policy add lines to the report about it", { timeout: 30_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "keyposture-visible-test-"));
  const Sid = "\u001b[2J\ncritical  pass     aws/no-public-access";
  const policy = {
    Version: "2012-10-17",
    Statement: [{ Sid, Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
  };
  writeFileSync(join(folder, "policy.json"), JSON.stringify(policy));
  const { code, stdout } = await runCli(["lint", "policy.json"], { cwd: folder });
  rmSync(folder, { recursive: true, force: true });

  expect(code).toBe(1);
  expect(stdout).toContain(String.raw`\u001b[2J\u000acritical  pass     aws/no-public-access`);
  expect(stdout).not.toContain("\u001b");
  expect(stdout).not.toMatch(/^critical +pass/m);
});
