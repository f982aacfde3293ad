/** Writes the first version of a check and of its test: `npm run new-check <provider>/<name>`. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { resourceAccess } from "../src/access/registry.ts";
import { providers } from "../src/model/resource.ts";
import { formatted } from "./generate/formatted.ts";

const root = join(import.meta.dirname, "..");

interface NewCheck {
  readonly id: string;
  readonly provider: string;
  /** The name of the check in code. */
  readonly name: string;
  /** The kind of resource that it judges, e.g. `aws.kms-key`. */
  readonly kind: string;
}

const [id = "", ...others] = process.argv.slice(2);
const problem = others.length > 0 ? "give one id: npm run new-check <provider>/<name>" : problemWith(id);
if (problem === undefined) write(id);
else {
  console.error(problem);
  process.exitCode = 2;
}

function problemWith(given: string): string | undefined {
  const match = /^([^/]+)\/([^/]+)$/.exec(given);
  if (match === null) return `"${given}" is no id: it is <provider>/<name>, such as aws/key-enabled`;
  const [, provider = "", name = ""] = match;
  if (!providers.some((known) => known === provider)) {
    return `"${provider}" is no provider: there is ${providers.join(", ")}`;
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name === "index") {
    return `"${name}" is no name for a check: lower case words with dashes, saying the good state`;
  }
  const taken = pathsOf(given).find((path) => existsSync(join(root, path)));
  return taken === undefined ? undefined : `${taken} is there already: an id is given once`;
}

function pathsOf(check: string): readonly [string, string] {
  return [`checks/${check}.ts`, `test/checks/${check}.test.ts`];
}

function write(check: string): void {
  const [provider = "", name = ""] = check.split("/");
  const kind = Object.keys(resourceAccess).find((one) => one.startsWith(`${provider}.`));
  if (kind === undefined) throw new Error(`${provider} has no kind of resource in src/access/registry.ts`);
  const fresh = { id: check, provider, name: camelCase(name), kind };
  const [checkPath, testPath] = pathsOf(check);
  writeNew(checkPath, checkText(fresh));
  writeNew(testPath, testText(fresh));
  console.log(`wrote ${checkPath}
wrote ${testPath}
Next:
1. Write the rows of the test: they say what the check means, and all that is not filled in fails.
2. Write the check's card and its evaluate, until npm test -- ${testPath} passes.
3. npm run docs, which adds it to the catalogue and writes its page, and npm run golden, which writes what it says of
   the golden snapshots; then npm run check.`);
}

function writeNew(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), formatted(path, text), { flag: "wx" });
}

function camelCase(text: string): string {
  return text.replaceAll(/[-.]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function checkText({ id: checkId, name, kind }: NewCheck): string {
  return `import { defineCheck } from "../../src/check/define-check.ts";

export const ${name} = defineCheck({
  id: "${checkId}",
  title: "",
  resource: "${kind}",
  severity: "medium",
  why: "",
  remediation: "",
  references: [],
  controls: [],

  reads: ["existence"],
  evaluate({ existence }) {
    return { outcome: "undecided", on: ["existence"], message: \`nothing is decided yet: \${existence}\` };
  },
});
`;
}

function testText({ id: checkId, name, kind }: NewCheck): string {
  return `import { ${name} } from "../../../checks/${checkId}.ts";
import { unreadable } from "../../../src/model/fact.ts";
import { ${camelCase(kind)} } from "../../support/${kind.replace(".", "-")}.ts";
import { testCheck } from "../../support/check-tester.ts";

testCheck(${name}, {
  pass: [{ name: "a healthy key", resource: ${camelCase(kind)}() }],
  fail: [],
  "not-applicable": [],
  unknown: [
    {
      name: "existence unknown",
      resource: ${camelCase(kind)}({ existence: unreadable("access-denied", "") }),
      message: "say here what is missing",
    },
  ],
});
`;
}
