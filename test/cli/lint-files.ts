/** Files that hold documents, and how they are judged where a test says nothing else. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { FileReport } from "../../src/cli/document-report.ts";
import { type FileContext, judgeFile as judgeWithCorrection } from "../../src/cli/judge-file.ts";
import { standardSettings } from "../../src/cli/lint.ts";
import type { OutcomeName } from "../../src/model/outcome.ts";
import { documentedPolicy, testAccount, testKey, testRegistration } from "../support/aws-kms-key.ts";
import { testTime } from "../support/check-tester.ts";

export const folder = mkdtempSync(join(tmpdir(), "keyposture-lint-"));
afterAll(() => rmSync(folder, { recursive: true }));

export function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

export const context: FileContext = {
  type: null,
  guidance: null,
  settings: standardSettings(),
  origin: { account: testAccount, key: testKey },
  registration: testRegistration,
  now: testTime,
};
export const ofNobody = { account: null, key: null };
export const ofAccount = { account: testAccount, key: null };

export async function judgeFile(path: string, how: FileContext): Promise<FileReport> {
  return (await judgeWithCorrection(path, how)).report;
}

export function results({ outcomes }: FileReport): Readonly<Record<string, OutcomeName>> {
  return Object.fromEntries(outcomes.map(({ check, outcome }) => [check, outcome]));
}

export const publicPolicy = documentedPolicy().replace(/"Principal":\{"AWS":"[^"]*role[^"]*"\}/, '"Principal":"*"');
