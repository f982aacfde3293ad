// Findings to export, and what the writers make of them.
import type { ExportedFinding, FindingBody, Portions } from "../../src/export/exported-finding.ts";
import { type ExportFormatName, exportFormats } from "../../src/export/formats.ts";
import type { CheckCard } from "../../src/model/check-card.ts";

export const asOf = Date.UTC(2026, 10, 22, 12);
export const context = { version: "1.2.3", as_of: asOf };

export const card: CheckCard = {
  id: "aws/key-enabled",
  title: "The key is enabled",
  resource: "aws.kms-key",
  severity: "critical",
  why: "Nothing can be read without it.",
  remediation: "Enable the key.",
  references: ["https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html", "https://example.com/more"],
  controls: [
    { framework: "CIS AWS", version: "7.0", id: "5.7", basis: "seen" },
    { framework: "CIS AWS", version: "7.0", id: "4.1", basis: "judgement" },
    { framework: "FSBP", version: "2026", id: "KMS.3", basis: "seen" },
  ],
};

export const arn = "arn:aws:kms:us-east-2:111122223333:key/00000000-0000-4000-8000-000000000001";

/** A key that has been disabled for an hour. */
export const failing: FindingBody = {
  id: "fnd_1",
  check: card.id,
  title: card.title,
  provider: "aws",
  key: "prod",
  resource: { kind: "aws.kms-key", name: arn },
  status: "open",
  outcome: "fail",
  severity: "critical",
  message: "the key is in state Disabled",
  evidence: { state: "Disabled", caused_by: ["aws/key-exists"] },
  caused_by: ["aws/key-exists"],
  guidance: "2026-09",
  catalogue: "0.1.0",
  since: "2026-11-22T11:00:00.000Z",
  last_decided: null,
  opened_at: "2026-11-22T11:00:00.000Z",
  resolved_at: null,
};

/** The same when it can be seen no more. */
export const lost: FindingBody = {
  ...failing,
  outcome: "unknown",
  message: "the state cannot be read",
  severity: "high",
  caused_by: [],
  evidence: { missing: [] },
  since: "2026-11-22T11:30:00.000Z",
  last_decided: {
    outcome: "fail",
    severity: "critical",
    message: failing.message,
    guidance: "2026-09",
    since: failing.since,
    until: "2026-11-22T11:30:00.000Z",
  },
};

export function exported(body: Partial<FindingBody> = {}, change: Partial<ExportedFinding> = {}): ExportedFinding {
  const key = { account: "111122223333", location: "us-east-2", labels: { team: "search", env: "prod" } };
  return { body: { ...failing, ...body }, card, key, ...change };
}

/** What a format makes of these portions. */
export async function written(
  format: ExportFormatName,
  ...portions: readonly (readonly ExportedFinding[])[]
): Promise<string> {
  let text = "";
  for await (const piece of exportFormats[format].write(given(portions), context)) text += piece;
  return text;
}

async function* given(portions: readonly (readonly ExportedFinding[])[]): Portions {
  for (const portion of portions) {
    await Promise.resolve();
    yield portion;
  }
}

/** Texts that something between here and the reader may take for more than text. */
export const hostileTexts = [
  '=cmd|" /C calc"!A0',
  '+1+1","',
  "-2+3",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "\n=1",
  'a "quoted" word, and a comma',
  "two\r\nlines",
  "'=already",
  "ключ 鍵 🔑 é",
  "\u0000\u001b[31m\u2028",
  "</script><script>alert(1)</script>",
  "\ud800 alone",
] as const;
