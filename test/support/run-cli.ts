import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

export interface RunningCli {
  readonly child: ChildProcessWithoutNullStreams;
  /** Everything that was written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the exit code; -1 where a signal ended it. */
  readonly ended: Promise<number>;
  /** Resolves when stdout holds the text; rejects when the command ends without. */
  readonly says: (text: string | RegExp) => Promise<void>;
}

/** Starts the real command line in a process of its own. */
export function startCli(args: readonly string[], options: { env?: NodeJS.ProcessEnv; cwd?: string } = {}): RunningCli {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, HOME, NODE_COMPILE_CACHE, ...options.env };
  const child = spawn(process.execPath, [main, ...args], { ...options, env });
  let stdout = "";
  let stderr = "";
  const waiting = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    for (const look of waiting) look();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (typeof text === "string" ? !stdout.includes(text) : !text.test(stdout)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        void ended.then((code) => reject(new Error(`ended with ${code} without saying ${text}\n${stdout}\n${stderr}`)));
      }),
  };
}

/** Runs a command to its end. */
export async function runCli(args: readonly string[], options?: Parameters<typeof startCli>[1]) {
  const cli = startCli(args, options);
  const code = await cli.ended;
  return { code, stdout: cli.stdout(), stderr: cli.stderr() };
}
