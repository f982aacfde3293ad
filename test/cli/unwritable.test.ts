/** What comes of a command whose output has no room, as on a full disk: the exit code must not speak of keys. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { runCli } from "../support/run-cli.ts";

const cli = join(import.meta.dirname, "../../src/cli");
/** Linux has a file that is always full. */
const full = "/dev/full";

/** Runs Node with one of its outputs full; tells the exit code and what the other one said. */
async function runFull(output: "stdout" | "stderr", args: readonly string[]) {
  const nowhere = openSync(full, "w");
  const [out, err] = output === "stdout" ? [nowhere, "pipe" as const] : ["pipe" as const, nowhere];
  const child = spawn(process.execPath, args, { stdio: ["ignore", out, err] });
  closeSync(nowhere);
  const said = child.stdout ?? child.stderr;
  const [code, told] = await Promise.all([once(child, "close").then(([ended]) => Number(ended)), said && text(said)]);
  return { code, told };
}

describe.skipIf(!existsSync(full))("on a full disk", () => {
  it("a result that cannot be written is told, and does not end as findings do", async () => {
    expect(await runFull("stdout", [join(cli, "main.ts"), "checks"])).toEqual({
      code: 2,
      told: expect.stringMatching(/^keyposture: standard output cannot be written: ENOSPC.*\n$/) as string,
    });
  });

  it("what cannot be said on standard error is told by the exit code", async () => {
    expect((await runFull("stderr", [join(cli, "main.ts"), "no-such-command"])).code).toBe(2);
  });

  it("a log that cannot be written ends nothing", async () => {
    const script = `
      import { createLogger } from ${JSON.stringify(join(cli, "logger.ts"))};
      const log = createLogger("info");
      for (const line of ["one", "two"]) log.info({}, line);
      process.stdout.write("goes on");`;
    const args = ["--input-type=module", "--eval", script];
    expect(await runFull("stderr", args)).toEqual({ code: 0, told: "goes on" });
  });
});

it("a fault that nobody waits for does not end as findings do", async () => {
  const fault = `
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (...said) => {
      setImmediate(() => { throw new Error("nobody waits for this") });
      return write(...said);
    };`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fault)}` };

  const { code, stderr } = await runCli(["checks"], { env });

  expect(code).toBe(70);
  expect(stderr).toMatch(/^keyposture: this is a fault of keyposture itself.*\nError: nobody waits for this\n/);
});
