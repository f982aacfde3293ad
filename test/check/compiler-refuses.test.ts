import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "../types/refused");
const files = readdirSync(folder).filter((file) => file.endsWith(".ts") && file !== "card.ts");

const compiler = spawnSync("tsc", ["--project", folder, "--pretty", "false"], { encoding: "utf8", cwd: folder });
/** Diagnostics by file; a line that begins with white space continues the one before. */
const diagnostics = new Map<string, string>();
for (const [, file = "", text = ""] of compiler.stdout.matchAll(/^(\S+?)\(\d+,\d+\): error (.*(?:\n\s.*)*)/gm)) {
  const name = file.slice(file.lastIndexOf("/") + 1);
  diagnostics.set(name, `${diagnostics.get(name) ?? ""}${text}\n`);
}

describe("the compiler refuses", () => {
  it.each(files)("%s", (file) => {
    const expected = /^\/\/ Refused: (.*)$/m.exec(readFileSync(join(folder, file), "utf8"))?.[1];

    expect(expected).toBeDefined();
    expect(diagnostics.get(file)).toContain(expected);
  });

  it("nothing else", () => {
    expect([...diagnostics.keys()].toSorted()).toEqual(files.toSorted());
  });
});
