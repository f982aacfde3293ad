// What of the repository goes to a build: https://docs.docker.com/build/concepts/context/#dockerignore-files
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";

export interface IgnoreRule {
  readonly pattern: string;
  /** Whether it takes back what a rule before it left out. */
  readonly back: boolean;
}

export function parseDockerIgnore(text: string): IgnoreRule[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const back = line.startsWith("!");
      return { back, pattern: line.slice(back ? 1 : 0).replace(/^\/|\/$/g, "") };
    });
}

/** Whether a path, relative and with slashes, is left out. The last rule that names it or a folder above it decides. */
export function isIgnored(path: string, rules: readonly IgnoreRule[]): boolean {
  const steps = path.split("/");
  const above = steps.map((_, index) => steps.slice(0, index + 1).join("/"));
  const last = rules.findLast(({ pattern }) => above.some((one) => patternOf(pattern).test(one)));
  return last !== undefined && !last.back;
}

/** As Docker reads them, `*` stands for names with a dot before them too; Node's own globs leave those out. */
function patternOf(glob: string): RegExp {
  const parts = glob.split(/(\*\*\/?|\*|\?)/).map((part) => {
    if (part.startsWith("**")) return ".*";
    if (part === "*") return "[^/]*";
    return part === "?" ? "[^/]" : RegExp.escape(part);
  });
  return new RegExp(`^${parts.join("")}$`);
}

/** Copies what a build gets of a folder into another one, and nothing else. */
export function copyContext(from: string, to: string, rules: readonly IgnoreRule[]): void {
  for (const path of contextFiles(from, "", rules))
    cpSync(join(from, path), join(to, path), { verbatimSymlinks: true });
}

function contextFiles(root: string, folder: string, rules: readonly IgnoreRule[]): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    const ignored = isIgnored(path, rules);
    if (!entry.isDirectory()) return ignored ? [] : [path];
    return ignored && !mayHoldMore(path, rules) ? [] : contextFiles(root, path, rules);
  });
}

/** A rule may take back something inside a folder that is left out. */
function mayHoldMore(folder: string, rules: readonly IgnoreRule[]): boolean {
  return rules.some(({ pattern, back }) => back && (pattern.startsWith(`${folder}/`) || pattern.includes("**")));
}
