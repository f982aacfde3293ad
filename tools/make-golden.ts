/** Writes the golden snapshots and what is said of them. Read the difference before you commit it. */
import { globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeSnapshotDocument } from "../src/audit/snapshot-document.ts";
import { goldenReport } from "./golden/golden-report.ts";
import { goldenSnapshots } from "./golden/golden-snapshots.ts";

const golden = join(import.meta.dirname, "../test/golden");
const folder = join(golden, "snapshots");
mkdirSync(folder, { recursive: true });
const kept = new Set(goldenSnapshots.map(({ key }) => `${key.name}.json`));
for (const file of globSync("*.json", { cwd: folder })) if (!kept.has(file)) rmSync(join(folder, file));
for (const snapshot of goldenSnapshots) {
  writeFileSync(join(folder, `${snapshot.key.name}.json`), writeSnapshotDocument(snapshot));
}
writeFileSync(join(golden, "report.json"), await goldenReport(folder));
console.log(`wrote ${goldenSnapshots.length} snapshots and their report to test/golden`);
