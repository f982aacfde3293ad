/** From a file to what is said of it: finds out what it holds, and has that judged. */
import { catalogue } from "../../checks/index.ts";
import type { DocumentKind, DocumentOrigin } from "../access/document-kind.ts";
import { type DocumentType, documentKinds } from "../access/documents.ts";
import { judge } from "../audit/judge.ts";
import { type CorrectedDocument, correctDocument, type DocumentRules, judgeDocument } from "../audit/judge-document.ts";
import { looksLikeSnapshot, parseSnapshotDocument, snapshotFormat } from "../audit/snapshot-document.ts";
import type { CheckSettings } from "../model/check-settings.ts";
import { type GuidanceRevision, newestGuidance } from "../model/guidance-revision.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Registration } from "../model/registration.ts";
import { whyOfAnotherProvider } from "./document-options.ts";
import type { FileReport } from "./document-report.ts";
import { readTextFile } from "./read-text-file.ts";
import { version } from "./version.ts";

const documentTypes = Object.keys(documentKinds) as DocumentType[];
/** Public contract: what `--type` takes. */
export const fileTypes = [...documentTypes, "snapshot"] as const;
export type FileType = (typeof fileTypes)[number];

export interface FileContext {
  /** Null: found by the content. */
  readonly type: FileType | null;
  /** Null: that of the snapshot, else the newest. */
  readonly guidance: GuidanceRevision | null;
  readonly settings: CheckSettings;
  readonly origin: DocumentOrigin;
  readonly registration: Registration;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What is said of a file, and the document as it would be with what can be mended; null where nothing can. */
export interface JudgedFile {
  readonly report: FileReport;
  /** What whoever reads the report should know beside it. */
  readonly remark: string | null;
  readonly corrected: CorrectedDocument | null;
}

/** Judges one file; one that cannot be judged says why in its `error`. */
export async function judgeFile(file: string, context: FileContext): Promise<JudgedFile> {
  const failed = (type: FileType | null, error: string): JudgedFile => ({
    report: { file, type, error, outcomes: [] },
    remark: null,
    corrected: null,
  });
  const read = await readTextFile(file);
  if (!read.ok) return failed(context.type, read.error);
  const found = context.type ?? typeOf(read.text);
  const type = found ?? supposedType;
  const judged = type === "snapshot" ? judgeSnapshot(read.text, context) : judgeText(type, read.text, context);
  if (!judged.ok) {
    const supposed = found === null ? `read as ${type} (--type names another kind): ` : "";
    return failed(type, `${supposed}${judged.error}`);
  }
  const { outcomes, remark, corrected } = judged;
  return { report: { file, type, error: null, outcomes }, remark, corrected };
}

/** What a file is read as where its content does not tell: its reader says what is wrong, and where. */
const supposedType = "aws-key-policy" satisfies FileType;

function typeOf(text: string): FileType | null {
  return looksLikeSnapshot(text) ? "snapshot" : documentTypeOf(text);
}

function documentTypeOf(text: string): DocumentType | null {
  return documentTypes.find((type) => documentKinds[type].recognizes(text)) ?? null;
}

type Judged =
  | (Omit<JudgedFile, "report"> & { readonly ok: true; readonly outcomes: readonly Outcome[] })
  | { readonly ok: false; readonly error: string };

function judgeText(type: DocumentType, text: string, context: FileContext): Judged {
  const document = documentKinds[type];
  const read = document.read(text);
  if (!read.ok) return read;
  const other =
    whyOfAnotherType(type, text) ??
    whyOfAnotherProvider(document.kind, context.origin) ??
    whyOfAnotherKey(document, read.content, context);
  if (other !== undefined) return { ok: false, error: other };
  const { origin, registration, now } = context;
  const rules = rulesOf(context, newestGuidance);
  const judged = { document, content: read.content, origin, registration };
  const corrected = correctDocument(rules, judged, now) ?? null;
  return { ok: true, outcomes: judgeDocument(rules, judged, now), remark: document.remark(read.content), corrected };
}

/** Something is missing in what no kind recognizes, but what looks like another kind is none of the named one. */
function whyOfAnotherType(type: DocumentType, text: string): string | undefined {
  const found = documentKinds[type].recognizes(text) ? null : typeOf(text);
  return found === null ? undefined : `it looks like ${found}, and --type names ${type}`;
}

function whyOfAnotherKey(document: DocumentKind, content: string, { origin }: FileContext): string | undefined {
  const named = document.names?.(content);
  if (named === undefined) return undefined;
  const { account, key } = origin;
  if (key !== null) {
    const isIts = key.resource === named || key.resource.startsWith(`${named}/`);
    return isIts ? undefined : `it is about ${named}, and --resource names ${key.resource}`;
  }
  const accountsBy = (of: DocumentOrigin) => document.keys(content, of).map((one) => one.account);
  const [own, ...others] = accountsBy({ account: null, key: null });
  const isIts = account === null || others.length > 0 || accountsBy(origin)[0] === own;
  return isIts ? undefined : `it is about ${named}, and --account names ${account}`;
}

/** At the moment at which it was taken, not now: a snapshot gives the same answer on every day. */
function judgeSnapshot(text: string, context: FileContext): Judged {
  if (!looksLikeSnapshot(text)) {
    const kind = documentTypeOf(text);
    const instead = kind === null ? "" : `; it looks like ${kind}, which \`lint\` judges`;
    return { ok: false, error: `it is no snapshot of \`collect\` (no format "${snapshotFormat}")${instead}` };
  }
  const parsed = parseSnapshotDocument(text);
  if (!parsed.ok) return parsed;
  const { key, facts, reads, guidance, at } = parsed.snapshot;
  const rules = rulesOf(context, guidance);
  const { outcomes } = judge({ ...rules, reads }, key, facts, rules.guidance, at);
  return { ok: true, outcomes, remark: null, corrected: null };
}

function rulesOf({ guidance, settings }: FileContext, otherwise: GuidanceRevision): DocumentRules {
  return { catalogue, version, guidance: guidance ?? otherwise, settings };
}
