/** What a scan found, in the formats of exports: every finding of the scanned keys, key by key. */
import { catalogue } from "../../checks/index.ts";
import { exportedKey, type Portions } from "../export/exported-finding.ts";
import { type ExportFormatName, exportFormats } from "../export/formats.ts";
import { findingBody } from "../http/schemas/finding.ts";
import type { StoreReader } from "../store/store.ts";
import type { KeyPortions } from "./scan-report.ts";
import { writeOut } from "./standard-output.ts";
import { version } from "./version.ts";

export interface ScanExport {
  readonly format: ExportFormatName;
  readonly read: StoreReader;
  readonly keys: KeyPortions;
  /** The moment that the findings are of, in epoch milliseconds. */
  readonly as_of: number;
}

/** Writes to stdout. */
export async function writeScanExport({ format, read, keys, as_of }: ScanExport): Promise<void> {
  await writeOut(exportFormats[format].write(portionsOf(read, keys), { version, as_of }));
}

async function* portionsOf(read: StoreReader, keys: KeyPortions): Portions {
  for await (const some of keys)
    for (const { name, findings } of some) {
      const registered = await read.key(name);
      yield findings.map((finding) => {
        const card = catalogue.find(({ id }) => id === finding.check) ?? null;
        const body = findingBody(finding, card?.title ?? null);
        return { body, card, key: exportedKey(finding.resource.name, registered) };
      });
    }
}
