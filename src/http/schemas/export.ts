import { z } from "zod";
import { type ExportFormatName, exportFormatNames, exportFormats } from "../../export/formats.ts";

const schemas = {
  csv: z
    .string()
    .meta({ description: "RFC 4180 with a line of names. A cell that a spreadsheet would run begins with '." }),
  ndjson: z.string().meta({ description: "A `Finding` on each line." }),
  sarif: z.looseObject({ version: z.literal("2.1.0") }).meta({ description: "SARIF 2.1.0, with one run." }),
  ocsf: z
    .array(z.looseObject({ class_uid: z.literal(2003) }))
    .meta({ description: "Compliance Findings of OCSF 1.8.0, profiles cloud and datetime." }),
} as const satisfies Record<ExportFormatName, z.ZodType>;

/** An answer that beside its JSON has the formats of exports. To the compiler only the JSON: files are sent as streams. */
export function withExports<T extends { readonly content: object }>(answer: T): T {
  const exported = exportFormatNames.map((name) => [exportFormats[name].mediaType, { schema: schemas[name] }]);
  return { ...answer, content: { ...answer.content, ...(Object.fromEntries(exported) as object) } };
}
