import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { awsCalls } from "../../src/collect/aws/calls.ts";
import { gcpCalls } from "../../src/collect/gcp/calls.ts";
import type { Call, CallTable } from "../../src/model/call.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

function permissions(calls: CallTable, wanted: (call: Call) => boolean = () => true): readonly string[] {
  return [
    ...new Set(
      Object.values(calls)
        .filter(wanted)
        .map(({ permission }) => permission),
    ),
  ].toSorted();
}

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
}

const statements = (JSON.parse(read("docs/permissions/aws.json")) as { readonly Statement: readonly Statement[] })
  .Statement;
const roleOf = (file: string) =>
  (parse(read(file)) as { readonly includedPermissions: readonly string[] }).includedPermissions;
const project = roleOf("docs/permissions/gcp.yaml");
const organization = roleOf("docs/permissions/gcp-organization.yaml");

/** What is granted on another thing than what is read: a role, a service account. */
const assumesRole = "sts:AssumeRole";
const takesOnAccount = "iam.serviceAccounts.getAccessToken";
/** Needed for no call of ours: Google asks for it where another project pays. */
const paysElsewhere = "serviceusage.services.use";

describe("the files that an operator grants", () => {
  it("hold exactly the permissions of the calls", () => {
    expect([...statements.flatMap(({ Action }) => Action), assumesRole].toSorted()).toEqual(permissions(awsCalls));
    expect([...project, ...organization, takesOnAccount].toSorted()).toEqual(permissions(gcpCalls));
  });

  it("keep apart what only a switch makes necessary", () => {
    const switched = statements.filter(({ Sid }) => Sid.startsWith("Where")).flatMap(({ Action }) => Action);
    expect(switched).toEqual(permissions(awsCalls, (call) => call.switch !== undefined));
    expect(organization).toEqual(permissions(gcpCalls, (call) => call.switch !== undefined));
  });

  it("let nobody use or change anything", () => {
    expect(statements.map(({ Effect }) => Effect)).toEqual(statements.map(() => "Allow"));
    for (const { Action } of statements) {
      for (const action of Action) expect(action).toMatch(/^[a-z]+:(?:Describe|Get|List)[A-Za-z]+$/);
    }
    for (const permission of [...project, ...organization]) {
      expect(permission).toMatch(/^[a-z]+(?:\.[A-Za-z]+)+\.(?:get|list|getIamPolicy)$/);
    }
  });

  it("are named by the README, beside the page on them", () => {
    const readme = read("README.md");
    for (const file of ["README.md", "aws.json", "gcp.yaml", "gcp-organization.yaml"]) {
      expect(readme).toContain(`(docs/permissions/${file})`);
    }
  });
});

describe("pages for people", () => {
  const known = new Set([...permissions(awsCalls), ...permissions(gcpCalls), paysElsewhere, ...Object.keys(gcpCalls)]);
  const looksLikeOne =
    /`((?:kms|cloudtrail|organizations|sts|iamcredentials):[A-Z]\w+|[a-z]+(?:\.[A-Za-z]+)+\.(?:get|list|use|getIamPolicy|getAccessToken))`/g;

  it.each(["README.md", "SECURITY.md", "docs/permissions/README.md", "docs/operations.md"])(
    "%s names no permission that nothing needs",
    (page) => {
      const named = [...read(page).matchAll(looksLikeOne)].map(([, name = ""]) => name);

      expect(named.filter((name) => !known.has(name))).toEqual([]);
    },
  );

  it("tell every switch that a permission hangs on, as the configuration names it", () => {
    const readme = read("README.md");
    const switches = new Set(
      [...Object.values(awsCalls), ...Object.values(gcpCalls)].flatMap((call: Call) => call.switch ?? []),
    );
    expect(switches.size).toBeGreaterThan(0);
    for (const one of switches) expect(readme).toContain(`reads.${one}`);
  });
});
