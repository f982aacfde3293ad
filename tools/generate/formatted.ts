import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** A file as the formatter wants it, so that it and what writes the file never undo each other. */
export function formatted(path: string, text: string): string {
  const biome = join(root, "node_modules/.bin/biome");
  const run = spawnSync(biome, ["check", "--write", `--stdin-file-path=${path}`], {
    cwd: root,
    input: text,
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`biome cannot format ${path}: ${run.stderr}`, { cause: run.error });
  return run.stdout;
}
