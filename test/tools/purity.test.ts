import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyProject, type ProjectCopy } from "./project-copy.ts";

const root = join(import.meta.dirname, "../..");

interface Plant {
  readonly name: string;
  readonly rule: string;
  readonly code: string;
}

const asyncRule = "oxc(no-async-await)";
const awaitRule = "node(no-top-level-await)";
const globalRule = "eslint(no-restricted-globals)";
const propertyRule = "eslint(no-restricted-properties)";

const plants: readonly Plant[] = [
  { name: "async", rule: asyncRule, code: "export async function planted(): Promise<void> {}" },
  { name: "await", rule: awaitRule, code: 'export const planted = await import("../elsewhere.ts");' },
  { name: "Date", rule: globalRule, code: "export const planted = new Date();" },
  { name: "Date", rule: globalRule, code: "export const planted = Date.now();" },
  { name: "Temporal", rule: globalRule, code: "export const planted = Temporal.Now.instant();" },
  { name: "performance", rule: globalRule, code: "export const planted = performance.now();" },
  { name: "Intl", rule: globalRule, code: "export const planted = new Intl.DateTimeFormat().format();" },
  { name: "process", rule: globalRule, code: "export const planted = process.env.HOME;" },
  { name: "Buffer", rule: globalRule, code: 'export const planted = Buffer.from("a");' },
  { name: "console", rule: globalRule, code: 'console.log("planted");' },
  { name: "crypto", rule: globalRule, code: "export const planted = crypto.randomUUID();" },
  { name: "fetch", rule: globalRule, code: 'export const planted = fetch("https://example.com");' },
  { name: "setTimeout", rule: globalRule, code: "setTimeout(() => undefined, 1);" },
  { name: "setInterval", rule: globalRule, code: "setInterval(() => undefined, 1);" },
  { name: "setImmediate", rule: globalRule, code: "setImmediate(() => undefined);" },
  { name: "queueMicrotask", rule: globalRule, code: "queueMicrotask(() => undefined);" },
  { name: "Promise", rule: globalRule, code: "export const planted = Promise.resolve(1);" },
  { name: "globalThis", rule: globalRule, code: "export const planted = globalThis.Date.now();" },
  { name: "global", rule: globalRule, code: "export const planted = global.process;" },
  { name: "random", rule: propertyRule, code: "export const planted = Math.random();" },
  { name: "localeCompare", rule: propertyRule, code: 'export const planted = "a".localeCompare("b");' },
  { name: "toLocaleString", rule: propertyRule, code: "export const planted = (1).toLocaleString();" },
  { name: "toLocaleLowerCase", rule: propertyRule, code: 'export const planted = "a".toLocaleLowerCase();' },
  { name: "toLocaleUpperCase", rule: propertyRule, code: 'export const planted = "a".toLocaleUpperCase();' },
];

const pureRooms = ["checks/aws", "src/access/aws", "src/check", "src/drift", "src/guidance", "src/model"] as const;

interface Diagnostics {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
}

/** The rules that refused each file. */
function lint(copy: ProjectCopy, options: readonly string[] = []): Map<string, Set<string>> {
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
  const run = spawnSync(process.execPath, [oxlint, "--format", "json", ...options], {
    cwd: copy.folder,
    encoding: "utf8",
  });
  const refusals = new Map<string, Set<string>>();
  for (const { code, filename } of (JSON.parse(run.stdout) as Diagnostics).diagnostics) {
    refusals.set(filename, (refusals.get(filename) ?? new Set()).add(code));
  }
  return refusals;
}

describe("purity", () => {
  const copy = copyProject([".oxlintrc.json"]);
  let refusals: Map<string, Set<string>>;

  beforeAll(() => {
    for (const room of [...pureRooms, "src/store"]) {
      for (const [index, { code }] of plants.entries()) copy.write(`${room}/planted-${index}.ts`, `${code}\n`);
    }
    refusals = lint(copy);
  });
  afterAll(() => {
    copy.remove();
  });

  it.each(pureRooms)("holds in %s", (room) => {
    const missed = plants.filter(({ rule }, index) => !refusals.get(`${room}/planted-${index}.ts`)?.has(rule));
    expect(missed).toEqual([]);
  });

  it("binds the pure rooms only", () => {
    const refused = plants.filter(({ rule }, index) => refusals.get(`src/store/planted-${index}.ts`)?.has(rule));
    expect(refused).toEqual([]);
  });

  it("has a planted violation for each name that the configuration forbids", () => {
    const configuration = readFileSync(join(root, ".oxlintrc.json"), "utf8");
    const forbidden = [...configuration.matchAll(/"(?:name|property)": "(\w+)"/g)].map(([, name]) => name);
    const planted = plants.filter(({ rule }) => rule.includes("no-restricted")).map(({ name }) => name);
    expect(new Set(planted)).toEqual(new Set(forbidden));
  });
});

describe("the house rules", () => {
  const longFunction = `export function long(list: string[]): void {\n${'  list.push("");\n'.repeat(59)}}\n`;
  const lines = (count: number) => "// One line.\n".repeat(count);
  const cases = [
    { path: "src/store/any.ts", rule: "typescript(no-explicit-any)", code: "export const planted: any = 1;\n" },
    { path: "src/store/default.ts", rule: "import(no-default-export)", code: "export default 1;\n" },
    { path: "src/store/barrel.ts", rule: "oxc(no-barrel-file)", code: 'export * from "./any.ts";\n' },
    { path: "src/store/long-file.ts", rule: "eslint(max-lines)", code: lines(301) },
    { path: "src/store/long-function.ts", rule: "eslint(max-lines-per-function)", code: longFunction },
    { path: "src/store/CamelCase.ts", rule: "unicorn(filename-case)", code: "export const planted = 1;\n" },
    { path: "checks/aws/long-check.ts", rule: "eslint(max-lines)", code: lines(121) },
    {
      path: "src/store/floating.ts",
      rule: "typescript(no-floating-promises)",
      code: "export function planted(work: () => Promise<void>): void {\n  work();\n}\n",
    },
  ] as const;
  const exempt = [
    { path: "src/store/fits.ts", rule: "eslint(max-lines)", code: lines(300) },
    { path: "checks/aws/fits.ts", rule: "eslint(max-lines)", code: lines(120) },
    { path: "test/store/long-file.test.ts", rule: "eslint(max-lines)", code: lines(301) },
    { path: "test/store/long-function.ts", rule: "eslint(max-lines-per-function)", code: longFunction },
    { path: "vitest.config.ts", rule: "import(no-default-export)", code: "export default {};\n" },
  ] as const;
  const copy = copyProject([".oxlintrc.json", "tsconfig.json", "package.json"]);
  let refusals: Map<string, Set<string>>;

  beforeAll(() => {
    for (const { path, code } of [...cases, ...exempt]) copy.write(path, code);
    refusals = lint(copy, ["--type-aware"]);
  });
  afterAll(() => {
    copy.remove();
  });

  it.each(cases)("$rule refuses $path", ({ path, rule }) => {
    expect([...(refusals.get(path) ?? [])]).toContain(rule);
  });

  it.each(exempt)("$rule lets $path be", ({ path, rule }) => {
    expect([...(refusals.get(path) ?? [])]).not.toContain(rule);
  });
});
