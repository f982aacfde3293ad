/** Writes every generated file, or with --check compares them with what is there. */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { catalogueIndex } from "./generate/catalogue-index.ts";
import { chartFiles } from "./generate/chart-files.ts";
import { catalogueTable, checkPage } from "./generate/check-pages.ts";
import { configurationPage } from "./generate/configuration-page.ts";
import { errorsPage } from "./generate/errors-page.ts";
import type { GeneratedFile } from "./generate/generated-file.ts";
import { loadChecks } from "./generate/load-checks.ts";
import { metricsPage } from "./generate/metrics-page.ts";
import { openapiFile } from "./generate/openapi-file.ts";
import { permissionFiles } from "./generate/permission-files.ts";

const root = join(import.meta.dirname, "..");
const files = await generateAll();
const kept = new Set(files.map(({ path }) => path));
const left = globSync("docs/checks/**/*.md", { cwd: root }).filter((path) => !kept.has(path));

if (process.argv.includes("--check")) check();
else write();

async function generateAll(): Promise<readonly GeneratedFile[]> {
  const checks = await loadChecks();
  return [
    catalogueIndex(checks),
    catalogueTable(checks),
    ...checks.map(checkPage),
    errorsPage(),
    metricsPage(),
    configurationPage(),
    await openapiFile(),
    ...permissionFiles(checks.map((one) => one.check)),
    ...chartFiles(),
  ];
}

function isCurrent({ path, text }: GeneratedFile): boolean {
  const file = join(root, path);
  return existsSync(file) && readFileSync(file, "utf8") === text;
}

function check(): void {
  for (const file of files.filter((one) => !isCurrent(one))) fail(`${file.path} is not up to date`);
  for (const path of left) fail(`${path} belongs to no check`);
}

function fail(what: string): void {
  console.log(`${what}: run "npm run docs" and commit the result`);
  process.exitCode = 1;
}

function write(): void {
  for (const file of files.filter((one) => !isCurrent(one))) {
    mkdirSync(dirname(join(root, file.path)), { recursive: true });
    writeFileSync(join(root, file.path), file.text);
    console.log(`wrote ${file.path}`);
  }
  for (const path of left) {
    rmSync(join(root, path));
    console.log(`removed ${path}`);
  }
}
