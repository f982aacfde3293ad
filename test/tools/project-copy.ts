import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** A folder of its own with some of this project in it, for tests that plant something. */
export interface ProjectCopy {
  readonly folder: string;
  /** Writes a file, with the folders on the way to it. */
  write(path: string, text: string): void;
  remove(): void;
}

/** Copies the named files and folders of this project; the installed packages are linked, not copied. */
export function copyProject(paths: readonly string[]): ProjectCopy {
  const folder = mkdtempSync(join(tmpdir(), "keyposture-"));
  for (const path of paths) cpSync(join(root, path), join(folder, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return {
    folder,
    write(path, text) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
    remove() {
      rmSync(folder, { recursive: true });
    },
  };
}
