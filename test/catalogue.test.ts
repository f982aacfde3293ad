import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogue } from "../checks/index.ts";
import { loadChecks } from "../tools/generate/load-checks.ts";

const root = join(import.meta.dirname, "..");
const loaded = await loadChecks();
const cards = loaded.map(({ check }) => check);
const ids = cards.map(({ id }) => id).toSorted();

/** The ids that a folder has files for. */
function idsIn(folder: string, ending: string): string[] {
  const files = globSync(`${folder}/**/*${ending}`, { cwd: root });
  return files.map((file) => file.slice(folder.length + 1, -ending.length)).toSorted();
}

/** How a remediation may begin. Add the verb that yours needs. */
const verbs = new Set(
  "Add Allow Ask Assign Attach Cancel Change Check Choose Compare Correct Create Delete Deny Disable Enable End Exclude Extend Find Fix Give Grant Import Keep Let Limit List Make Move Name Narrow Permit Put Re-enable Read Recover Register Remove Rename Replace Restore Restrict Retire Revoke Rotate Schedule Send Set Start Stop Switch Take Turn Update Use Write".split(
    " ",
  ),
);

describe("the catalogue", () => {
  it("holds every check, once, sorted by id, and nothing else", () => {
    expect(catalogue.map(({ id }) => id)).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(0);
  });

  it("has a test for each check, and no other test of checks", () => {
    expect(idsIn("test/checks", ".test.ts")).toEqual(ids);
  });

  it("has a page for each check, and no other page of checks", () => {
    expect(idsIn("docs/checks", ".md")).toEqual(ids);
  });

  it("has no file under checks/ but its checks and the two that list them", () => {
    const files = globSync("checks/**/*.*", { cwd: root }).toSorted();
    expect(files).toEqual(["checks/README.md", "checks/index.ts", ...loaded.map(({ path }) => path)].toSorted());
  });
});

describe.each(loaded)("$path", ({ path, provider, check }) => {
  it("has its path as its id", () => {
    expect(`checks/${check.id}.ts`).toBe(path);
  });

  it("judges a resource of its own provider", () => {
    expect(check.resource).toMatch(new RegExp(`^${provider}\\.`));
  });

  it("states the good state in its title", () => {
    expect(check.title).toMatch(/^[A-Z].{0,99}$/);
    expect(check.title).not.toMatch(/^Ensure|\.$/);
  });

  it("says in one or two sentences why it matters", () => {
    const sentences = check.why.split(/(?<=[.!?])\s+/);
    expect(check.why).toMatch(/^[A-Z].*\.$/);
    expect(sentences.length).toBeLessThanOrEqual(2);
  });

  it("says what to do, beginning with a verb", () => {
    expect(verbs).toContain(check.remediation.split(" ")[0]);
    expect(check.remediation).toMatch(/\.$/);
  });

  it("refers to what is published", () => {
    expect(check.references.length).toBeGreaterThan(0);
    for (const reference of check.references) expect(new URL(reference).protocol).toBe("https:");
    expect(new Set(check.references).size).toBe(check.references.length);
  });
});
