/** docs/dependencies.md says of every package why it is here and where it may be imported: compared both ways. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import { describe, expect, it } from "vitest";
import packageJson from "../package.json" with { type: "json" };

const root = join(import.meta.dirname, "..");
const [, runTime = "", development = ""] = readFileSync(join(root, "docs/dependencies.md"), "utf8").split(/^## .*$/m);

/** The cells of a page's table, without its head. */
function rowsOf(section: string): string[][] {
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

function namesOf(rows: readonly string[][]): string[] {
  return rows.map(([name = ""]) => name.replaceAll("`", ""));
}

const runTimeRows = rowsOf(runTime);
const developmentRows = rowsOf(development);

describe("the page of dependencies", () => {
  it("has a line for every package, sorted, and for no other", () => {
    expect(namesOf(runTimeRows)).toEqual(Object.keys(packageJson.dependencies).toSorted());
    expect(namesOf(developmentRows)).toEqual(Object.keys(packageJson.devDependencies).toSorted());
  });

  it("gives a reason for each", () => {
    const reasons = [...runTimeRows, ...developmentRows].map(([, reason = ""]) => reason);
    expect(reasons.filter((reason) => reason.length < 5)).toEqual([]);
  });
});

interface HomeRule {
  readonly home: RegExp;
  readonly packages: RegExp;
}

/** The import rules that keep packages at home: `from.pathNot` is where they may be imported, `to.path` what they are. */
const { ruleSet } = await extractDepcruiseOptions(join(root, ".dependency-cruiser.mjs"));
const homes = (ruleSet?.forbidden ?? []).flatMap((rule): HomeRule[] => {
  if (!("to" in rule) || !rule.name?.startsWith("home-of-")) return [];
  const [home = ""] = [rule.from.pathNot ?? []].flat();
  const [packages = ""] = [rule.to.path ?? []].flat();
  return [{ home: new RegExp(home), packages: new RegExp(packages) }];
});

function pathsOf(places: string): string[] {
  return places.split(",").map((place) => place.trim().replaceAll("`", ""));
}

/** A file of each room, and all that the page names. */
const somewhere = [
  ...globSync("{src/*,migrations}/", { cwd: root }),
  ...runTimeRows.flatMap((row) => pathsOf(row[2] ?? "")),
];
const files = somewhere.map((path) => (path.endsWith(".ts") ? path : `${path.replace(/\/$/, "")}/file.ts`));

describe.each(runTimeRows)("%s", (cell, _reason, places = "") => {
  const name = cell.replaceAll("`", "");
  const rules = homes.filter(({ packages }) => packages.test(`node_modules/${name}/index.js`));
  const paths = pathsOf(places);

  it("has one home in the import rules", () => {
    expect(rules).toHaveLength(1);
  });

  it("may be imported where the page says, and nowhere else", () => {
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const allowed = files.filter((file) => rules[0]?.home.test(file));
    expect(new Set(allowed)).toEqual(new Set(files.filter((file) => paths.some((path) => file.startsWith(path)))));
  });
});
