import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { catalogue } from "../checks/index.ts";
import { writeSnapshotDocument } from "../src/audit/snapshot-document.ts";
import { goldenReport } from "../tools/golden/golden-report.ts";
import { goldenSnapshots } from "../tools/golden/golden-snapshots.ts";

const golden = join(import.meta.dirname, "golden");
const folder = join(golden, "snapshots");
const again = 'see whether it is meant; then run "npm run golden" and commit the result';

interface Report {
  readonly files: readonly {
    readonly file: string;
    readonly error: string | null;
    readonly results: readonly { readonly check: string; readonly outcome: string; readonly message: string }[];
  }[];
}

it("says of every golden snapshot what it said before", async () => {
  const before = JSON.parse(readFileSync(join(golden, "report.json"), "utf8")) as Report;
  const now = JSON.parse(await goldenReport(folder)) as Report;
  expect(now.files.map(({ file }) => file)).toEqual(before.files.map(({ file }) => file));
  for (const [index, file] of now.files.entries()) expect(file, `${file.file}: ${again}`).toEqual(before.files[index]);
});

it("has the snapshots that its builder makes", () => {
  const names = globSync("*.json", { cwd: folder }).toSorted();
  expect(names, again).toEqual(goldenSnapshots.map(({ key }) => `${key.name}.json`).toSorted());
  for (const snapshot of goldenSnapshots) {
    const written = readFileSync(join(folder, `${snapshot.key.name}.json`), "utf8");
    expect(written, `${snapshot.key.name}: ${again}`).toBe(writeSnapshotDocument(snapshot));
  }
});

it("judges every snapshot by every check, and no check breaks", async () => {
  const { files } = JSON.parse(await goldenReport(folder)) as Report;
  const kinds = new Map(goldenSnapshots.map(({ key }) => [`${key.name}.json`, key.kind]));
  for (const { file, error, results } of files) {
    expect(error, file).toBeNull();
    const checks = catalogue.filter(({ resource }) => resource === kinds.get(file));
    expect(results.map(({ check }) => check)).toEqual(checks.map(({ id }) => id));
    expect(
      results.filter(({ outcome }) => outcome === "error"),
      file,
    ).toEqual([]);
  }
});
