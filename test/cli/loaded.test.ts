import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { runCli } from "../support/run-cli.ts";

const tellLoaded = pathToFileURL(join(import.meta.dirname, "tell-loaded.ts")).href;

async function loadedBy(args: readonly string[]): Promise<readonly string[]> {
  const { stderr } = await runCli(args, { env: { NODE_OPTIONS: `--import=${tellLoaded}` } });
  const [, list = "null"] = /^loaded (.*)$/m.exec(stderr) ?? [];
  return JSON.parse(list) as string[];
}

const clouds = /^(@aws-sdk|@smithy|@azure|@google-cloud|google-|src\/simulator)/;
const judging = /^(checks|src\/access|src\/audit)$/;
const database = /^(better-sqlite3|kysely)$/;

describe("a command loads what it works with, and not", () => {
  it.each([
    // Asked twice a minute by the image's health check.
    [["healthcheck"], [clouds, judging, database]],
    [
      ["serve", "--check-config"],
      [clouds, judging, database],
    ],
    [
      ["token", "list"],
      [clouds, judging],
    ],
    [
      ["lint", "--help"],
      [clouds, database],
    ],
    [["checks"], [clouds, database]],
  ])("%j", async (args, others) => {
    const loaded = await loadedBy(args);
    expect(loaded).toContain("src/cli");
    expect(loaded.filter((path) => others.some((other) => other.test(path)))).toEqual([]);
  });
});
