/** Fifty clients that never pause and take little of the processor: wrk, a program in C, where it is installed. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);

const report = z.strictObject({
  answers: z.number(),
  wall_us: z.number(),
  failed: z.number(),
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  max: z.number(),
});
/** Times in microseconds. */
export type WrkReport = z.output<typeof report>;

export async function hasWrk(): Promise<boolean> {
  try {
    await run("wrk", ["--version"]);
    return true;
  } catch (error) {
    // It ends with 1 after it has told its version.
    return !(error instanceof Error && "code" in error && error.code === "ENOENT");
  }
}

/** Asks one address for some seconds. Throws where an answer is none, or not one of success. */
export async function askWithWrk(url: string, seconds: number): Promise<WrkReport> {
  const script = join(import.meta.dirname, "wrk.lua");
  const { stdout } = await run("wrk", [
    "--threads",
    "1",
    "--connections",
    "50",
    "--duration",
    `${seconds}s`,
    "--script",
    script,
    url,
  ]);
  const told = report.parse(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? ""));
  if (told.failed > 0) throw new Error(`${url}: ${told.failed} of ${told.answers} answers are none of success`);
  return told;
}
