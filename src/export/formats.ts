import { writeCsv } from "./csv.ts";
import type { ExportContext, Portions } from "./exported-finding.ts";
import { writeNdjson } from "./ndjson.ts";
import { writeOcsf } from "./ocsf.ts";
import { writeSarif } from "./sarif.ts";

export interface ExportFormat {
  readonly mediaType: string;
  /** Of the file, without a dot. */
  readonly extension: string;
  /** Pieces of text, at most one for each portion and two around them. Nothing is held beyond a portion, but for what is said once of each check. */
  readonly write: (portions: Portions, context: ExportContext) => AsyncIterable<string>;
}

/** Public contract: the names that `format` takes. */
export const exportFormats = {
  csv: { mediaType: "text/csv", extension: "csv", write: writeCsv },
  ndjson: { mediaType: "application/x-ndjson", extension: "ndjson", write: writeNdjson },
  sarif: { mediaType: "application/sarif+json", extension: "sarif", write: writeSarif },
  ocsf: { mediaType: "application/vnd.ocsf+json", extension: "ocsf.json", write: writeOcsf },
} as const satisfies Readonly<Record<string, ExportFormat>>;

export type ExportFormatName = keyof typeof exportFormats;

export const exportFormatNames = Object.keys(exportFormats) as readonly ExportFormatName[];

export function isExportFormat(name: string): name is ExportFormatName {
  return Object.hasOwn(exportFormats, name);
}
