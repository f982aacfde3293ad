import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { documentFormats } from "../../src/cli/document-report.ts";
import { judgeFile } from "../../src/cli/judge-file.ts";
import { standardSettings } from "../../src/cli/lint.ts";
import { toRegistration } from "../../src/config/registration-schema.ts";

/** Every outcome of every snapshot in a folder, as `keyposture evaluate --format json` tells it. */
export async function goldenReport(folder: string): Promise<string> {
  const files = globSync("*.json", { cwd: folder }).toSorted();
  const context = {
    type: "snapshot",
    guidance: null,
    settings: standardSettings(),
    origin: { account: null, key: null },
    registration: toRegistration({}, []),
    now: 0,
  } as const;
  const judged = await Promise.all(files.map((file) => judgeFile(join(folder, file), context)));
  return documentFormats.json(judged.map(({ report }) => ({ ...report, file: basename(report.file) })));
}
