import { dirname, relative } from "node:path";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkImports, type ImportReport } from "../../tools/check-imports.ts";
import { copyProject } from "./project-copy.ts";

interface Plant {
  readonly rule: string;
  /** The module that imports, without its ending. */
  readonly from: string;
  /** A module of the tree, a package, or a module of Node. */
  readonly to: string;
}

/** The modules that stand for their folders; each is there once, and imports nothing. */
const targets = [
  "src/model/target.ts",
  "src/guidance/target.ts",
  "src/access/target.ts",
  "src/check/target.ts",
  "src/errors/target.ts",
  "src/collect/target.ts",
  "src/collect/elsewhere/target.ts",
  "src/store/target.ts",
  "src/metrics/target.ts",
  "src/audit/target.ts",
  "src/schedule/target.ts",
  "src/http/target.ts",
  "src/simulator/target.ts",
  "src/cli/target.ts",
  "checks/aws/target.ts",
  "test/target.ts",
];

const plants: readonly Plant[] = [
  { rule: "nothing-unresolved", from: "src/store/planted", to: "src/store/nowhere.ts" },
  { rule: "room-model", from: "src/model/planted", to: "src/guidance/target.ts" },
  { rule: "room-model", from: "src/model/planted", to: "src/errors/target.ts" },
  { rule: "room-guidance", from: "src/guidance/planted", to: "src/access/target.ts" },
  { rule: "room-access", from: "src/access/planted", to: "src/check/target.ts" },
  { rule: "room-access", from: "src/access/planted", to: "src/errors/target.ts" },
  { rule: "room-check", from: "src/check/planted", to: "src/store/target.ts" },
  { rule: "room-drift", from: "src/drift/planted", to: "src/check/target.ts" },
  { rule: "room-config", from: "src/config/planted", to: "src/store/target.ts" },
  { rule: "room-errors", from: "src/errors/planted", to: "src/http/target.ts" },
  { rule: "room-collect", from: "src/collect/planted", to: "src/store/target.ts" },
  { rule: "room-collect", from: "src/collect/aws/planted", to: "src/check/target.ts" },
  { rule: "room-store", from: "src/store/planted", to: "src/collect/target.ts" },
  { rule: "room-store", from: "src/store/planted", to: "src/metrics/target.ts" },
  { rule: "room-metrics", from: "src/metrics/planted", to: "src/store/target.ts" },
  { rule: "room-export", from: "src/export/planted", to: "src/store/target.ts" },
  { rule: "room-notify", from: "src/notify/planted", to: "src/store/target.ts" },
  { rule: "room-audit", from: "src/audit/planted", to: "src/schedule/target.ts" },
  { rule: "room-audit", from: "src/audit/planted", to: "src/http/target.ts" },
  { rule: "room-audit", from: "src/audit/planted", to: "checks/aws/target.ts" },
  { rule: "room-schedule", from: "src/schedule/planted", to: "src/check/target.ts" },
  { rule: "room-http", from: "src/http/planted", to: "src/store/target.ts" },
  { rule: "room-http", from: "src/http/planted", to: "src/audit/target.ts" },
  { rule: "room-http", from: "src/http/planted", to: "src/metrics/target.ts" },
  { rule: "room-simulator", from: "src/simulator/planted", to: "src/collect/target.ts" },
  { rule: "room-dashboard", from: "src/dashboard/planted", to: "src/model/target.ts" },
  { rule: "check-imports-define-check-only", from: "checks/aws/planted", to: "src/check/target.ts" },
  { rule: "check-imports-define-check-only", from: "checks/aws/planted", to: "src/store/target.ts" },
  { rule: "check-imports-no-check", from: "checks/aws/planted", to: "checks/aws/target.ts" },
  { rule: "pure-imports-no-node", from: "checks/aws/planted", to: "node:fs" },
  { rule: "pure-imports-no-node", from: "src/model/planted", to: "node:crypto" },
  { rule: "pure-imports-no-node", from: "src/guidance/planted", to: "node:fs" },
  { rule: "pure-imports-no-node", from: "src/access/aws/planted", to: "node:net" },
  { rule: "pure-imports-no-node", from: "src/check/planted", to: "node:timers" },
  { rule: "pure-imports-no-node", from: "src/drift/planted", to: "node:util" },
  { rule: "pure-imports-no-package", from: "checks/aws/planted", to: "zod" },
  { rule: "pure-imports-no-package", from: "src/model/planted", to: "kysely" },
  { rule: "pure-imports-no-package", from: "src/access/gcp/planted", to: "zod" },
  { rule: "simulator-imports-no-package", from: "src/simulator/planted", to: "@aws-sdk/client-kms" },
  { rule: "simulator-imports-no-package", from: "src/simulator/gcp/planted", to: "@google-cloud/kms" },
  { rule: "collector-imports-no-other", from: "src/collect/aws/planted", to: "src/collect/elsewhere/target.ts" },
  { rule: "nothing-imports-cli", from: "src/schedule/planted", to: "src/cli/target.ts" },
  { rule: "simulator-for-demo-and-tests", from: "src/collect/aws/planted", to: "src/simulator/target.ts" },
  { rule: "catalogue-is-an-argument", from: "src/check/planted", to: "checks/aws/target.ts" },
  { rule: "catalogue-is-an-argument", from: "src/http/planted", to: "checks/aws/target.ts" },
  { rule: "migrations-import-kysely-only", from: "migrations/planted", to: "src/model/target.ts" },
  { rule: "nothing-imports-tests-or-tools", from: "src/cli/planted", to: "test/target.ts" },
  { rule: "home-of-aws-sdk", from: "src/collect/aws/planted", to: "@aws-sdk/client-kms" },
  { rule: "home-of-aws-sdk", from: "src/cli/planted", to: "@aws-sdk/client-cloudtrail" },
  { rule: "home-of-google-cloud", from: "src/collect/gcp/planted", to: "@google-cloud/kms" },
  { rule: "home-of-google-cloud", from: "src/cli/planted", to: "google-auth-library" },
  { rule: "home-of-azure", from: "src/collect/azure/planted", to: "@azure/arm-keyvault" },
  { rule: "home-of-azure", from: "src/cli/planted", to: "@azure/identity" },
  { rule: "home-of-grpc/proto-loader", from: "src/simulator/planted", to: "@grpc/proto-loader" },
  { rule: "home-of-bufbuild", from: "src/access/aws/planted", to: "@bufbuild/cel" },
  { rule: "home-of-bufbuild", from: "checks/aws/planted", to: "@bufbuild/protobuf/wkt" },
  { rule: "home-of-better-sqlite3", from: "migrations/planted", to: "better-sqlite3" },
  { rule: "home-of-kysely", from: "src/http/planted", to: "kysely" },
  { rule: "home-of-safe-stable-stringify", from: "src/http/planted", to: "safe-stable-stringify" },
  { rule: "home-of-fastify", from: "src/metrics/planted", to: "fastify" },
  { rule: "home-of-fastify", from: "src/cli/planted", to: "@fastify/swagger" },
  { rule: "home-of-prom-client", from: "src/http/planted", to: "prom-client" },
  { rule: "home-of-node-cron", from: "src/audit/planted", to: "node-cron" },
  { rule: "home-of-p-queue", from: "src/store/planted", to: "p-queue" },
  { rule: "home-of-commander", from: "src/config/planted", to: "commander" },
  { rule: "home-of-pino", from: "src/audit/planted", to: "pino" },
  { rule: "home-of-yaml", from: "src/cli/planted", to: "yaml" },
  { rule: "home-of-zod", from: "src/store/planted", to: "zod" },
  { rule: "home-of-zod", from: "src/collect/aws/planted", to: "zod" },
  { rule: "package-without-a-home", from: "src/cli/planted", to: "vitest" },
  { rule: "no-development-package-at-run-time", from: "src/cli/planted", to: "fast-check" },
  { rule: "only-declared-packages", from: "src/cli/planted", to: "acorn" },
];

const copy = copyProject(["src", "checks", "migrations", "package.json"]);
let untouched: ImportReport;
let planted: ImportReport;

function plantFile({ from }: Plant, index: number, kind: "value" | "type"): string {
  return `${from}-${index}-${kind}.ts`;
}

/** How `from` names a module of the tree; packages and Node's modules keep their names. */
function specifier(from: string, to: string): string {
  if (!to.endsWith(".ts")) return to;
  const path = relative(dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}

function plant(one: Plant, index: number): void {
  const to = JSON.stringify(specifier(one.from, one.to));
  copy.write(plantFile(one, index, "value"), `import * as all from ${to};\nexport const planted = all;\n`);
  copy.write(plantFile(one, index, "type"), `import type * as all from ${to};\nexport type Planted = typeof all;\n`);
}

beforeAll(async () => {
  untouched = await checkImports(copy.folder);
  for (const target of targets) copy.write(target, "export const target = 1;\n");
  for (const [index, one] of plants.entries()) plant(one, index);
  copy.write(
    "src/store/circle-value.ts",
    'import { back } from "./circle-value-back.ts";\nexport const there = () => back;\n',
  );
  copy.write(
    "src/store/circle-value-back.ts",
    'import { there } from "./circle-value.ts";\nexport const back = () => there;\n',
  );
  copy.write(
    "src/store/circle-type.ts",
    'import type { Back } from "./circle-type-back.ts";\nexport type There = Back | 1;\n',
  );
  copy.write(
    "src/store/circle-type-back.ts",
    'import type { There } from "./circle-type.ts";\nexport type Back = There[];\n',
  );
  planted = await checkImports(copy.folder);
});
afterAll(() => {
  copy.remove();
});

function refusals(rule: string): string[] {
  return planted.violations.filter((violation) => violation.rule === rule).map(({ from }) => from);
}

describe("import rules", () => {
  it("let the tree be as it is", () => {
    expect(untouched.violations).toEqual([]);
    expect(untouched.modules).toBeGreaterThan(50);
  });

  it.each(plants.map((one, index) => ({ ...one, index })))("$rule: $from imports $to", ({ index, ...one }) => {
    const files = refusals(one.rule);
    expect(files).toContain(plantFile(one, index, "value"));
    expect(files).toContain(plantFile(one, index, "type"));
  });

  it("no-circles: two modules import each other", () => {
    const circles = planted.violations
      .filter(({ rule }) => rule === "no-circles")
      .map(({ from, to }) => `${from} ${to}`);
    expect(circles.some((circle) => circle.includes("circle-value"))).toBe(true);
    expect(circles.some((circle) => circle.includes("circle-type"))).toBe(true);
  });

  it("are all planted, each with its reason", async () => {
    const { ruleSet } = await extractDepcruiseOptions(`${import.meta.dirname}/../../.dependency-cruiser.mjs`);
    const rules = ruleSet?.forbidden ?? [];
    const tried = new Set(["no-circles", ...plants.map(({ rule }) => rule)]);
    expect(tried).toEqual(new Set(rules.map(({ name }) => name)));
    for (const { comment } of rules) expect(comment).toMatch(/\.$/);
  });
});
