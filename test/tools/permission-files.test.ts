import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { awsCalls } from "../../src/collect/aws/calls.ts";
import { azureCalls } from "../../src/collect/azure/calls.ts";
import { gcpCalls } from "../../src/collect/gcp/calls.ts";
import type { Call, CallTable } from "../../src/model/call.ts";
import { localList, parseTerraform, type TerraformBlock } from "../permissions/parse-terraform.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

function permissions(calls: CallTable, wanted: (call: Call) => boolean = () => true): readonly string[] {
  return [
    ...new Set(
      Object.values(calls)
        .filter(wanted)
        .flatMap(({ permission, other_permissions = [] }) => [permission, ...other_permissions]),
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

const azure = JSON.parse(read("docs/permissions/azure.json")) as {
  readonly Actions: readonly string[];
  readonly NotActions: readonly string[];
  readonly DataActions: readonly string[];
  readonly NotDataActions: readonly string[];
};
/** Granted by an administrator's consent, and by no role. */
const ofDirectory = permissions(
  Object.fromEntries(Object.entries(azureCalls).filter(([name]) => name.startsWith("graph:"))),
);

/** What is granted on another thing than what is read: a role, a service account. */
const assumesRole = "sts:AssumeRole";
const takesOnAccount = "iam.serviceAccounts.getAccessToken";
/** Needed for no call of ours: Google asks for it where another project pays. */
const paysElsewhere = "serviceusage.services.use";
/** Needed for no call of ours: EKS Pod Identity gives its sessions tags. */
const tagsSession = "sts:TagSession";

describe("the files that an operator grants", () => {
  it("hold exactly the permissions of the calls", () => {
    expect([...statements.flatMap(({ Action }) => Action), assumesRole].toSorted()).toEqual(permissions(awsCalls));
    expect([...project, ...organization, takesOnAccount].toSorted()).toEqual(permissions(gcpCalls));
    const data = azure.DataActions.map((action) => `${action} (data action)`);
    expect([...azure.Actions, ...data, ...ofDirectory].toSorted()).toEqual(permissions(azureCalls));
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
    for (const action of [...azure.Actions, ...azure.DataActions]) {
      expect(action).toMatch(/^Microsoft\.[A-Za-z]+(?:\/[A-Za-z]+)+\/read$/);
    }
    for (const permission of ofDirectory) expect(permission).toMatch(/^[A-Za-z]+\.Read\.All$/);
    expect([...azure.NotActions, ...azure.NotDataActions]).toEqual([]);
  });

  it("are named by the README and by the index, each beside the page on it", () => {
    const [readme, index] = [read("README.md"), read("docs/permissions/README.md")];
    for (const file of [
      "aws.md",
      "gcp.md",
      "azure.md",
      "aws.json",
      "gcp.yaml",
      "gcp-organization.yaml",
      "azure.json",
    ]) {
      expect(readme).toContain(`(docs/permissions/${file})`);
      expect(index).toContain(`(${file})`);
    }
  });
});

describe("the Terraform modules", () => {
  const modules = Object.fromEntries(
    globSync("docs/permissions/terraform/*/*.tf", { cwd: root }).map((path) => [
      path.slice("docs/permissions/terraform/".length),
      parseTerraform(read(path)),
    ]),
  );
  const clouds = ["aws", "gcp", "azure"] as const;
  const fileOf = (cloud: (typeof clouds)[number], name: string): TerraformBlock =>
    modules[`${cloud}/${name}.tf`] ?? expect.fail(`${cloud} has no ${name}.tf`);
  const listsOf = (cloud: (typeof clouds)[number], ...names: readonly string[]) =>
    names.flatMap((name) => localList(fileOf(cloud, "main"), name)).toSorted();
  const blocksOf = (block: TerraformBlock): readonly TerraformBlock[] => [block, ...block.blocks.flatMap(blocksOf)];
  const expressionsOf = (file: TerraformBlock) => blocksOf(file).flatMap(({ attributes }) => Object.values(attributes));

  it("are three, of three files each", () => {
    const names = clouds.flatMap((cloud) => ["main", "variables", "versions"].map((file) => `${cloud}/${file}.tf`));
    expect(Object.keys(modules).toSorted()).toEqual(names.toSorted());
  });

  it("grant exactly the permissions of the calls", () => {
    expect(listsOf("aws", "key_actions", "trail_actions", "organization_actions", "role_actions")).toEqual(
      permissions(awsCalls),
    );
    const ofGcp = ["project_permissions", "ancestor_permissions", "deny_policy_permissions", "perimeter_permissions"];
    expect([...listsOf("gcp", ...ofGcp), takesOnAccount].toSorted()).toEqual(permissions(gcpCalls));
    const data = listsOf("azure", "data_actions").map((action) => `${action} (data action)`);
    expect([...listsOf("azure", "actions", "directory_permissions"), ...data].toSorted()).toEqual(
      permissions(azureCalls),
    );
  });

  it("keep apart what each switch makes necessary", () => {
    const switched = (calls: CallTable, name: string) => permissions(calls, (call) => call.switch === name);
    expect(listsOf("aws", "organization_actions")).toEqual(switched(awsCalls, "aws_organization"));
    expect(listsOf("gcp", "ancestor_permissions")).toEqual(switched(gcpCalls, "gcp_ancestors"));
    expect(listsOf("gcp", "deny_policy_permissions")).toEqual(switched(gcpCalls, "gcp_deny_policies"));
    expect(listsOf("gcp", "perimeter_permissions")).toEqual(switched(gcpCalls, "gcp_perimeters"));
    expect(listsOf("azure", "directory_permissions")).toEqual(switched(azureCalls, "azure_directory"));
  });

  it.each(clouds)("use every value that they define in %s, and define every one that they use", (cloud) => {
    const [main, variables] = [fileOf(cloud, "main"), fileOf(cloud, "variables")];
    const used = (kind: string) => {
      const text = [...expressionsOf(main), ...expressionsOf(variables)].join("\n");
      return [
        ...new Set([...text.matchAll(new RegExp(`\\b${kind}\\.(\\w+)`, "g"))].map(([, name = ""]) => name)),
      ].toSorted();
    };
    const locals = main.blocks
      .filter(({ type }) => type === "locals")
      .flatMap(({ attributes }) => Object.keys(attributes));
    expect(used("var")).toEqual(variables.blocks.flatMap(({ labels }) => labels).toSorted());
    expect(used("local")).toEqual(locals.toSorted());
  });

  it.each(clouds)("say of every variable what it is in %s", (cloud) => {
    for (const { type, attributes } of fileOf(cloud, "variables").blocks) {
      expect(type).toBe("variable");
      expect(attributes["description"]).toMatch(/^"[A-Z].*\."$/);
      expect(attributes["type"]).toBeDefined();
    }
  });

  it.each(["{", "}", 'resource "a" {', "a = [", 'a = "b', "a = 1\na = 2", "a b", "a = ]"])("are not %o", (text) => {
    expect(() => parseTerraform(text)).toThrow(SyntaxError);
  });
});

describe("pages for people", () => {
  const known = new Set([
    ...permissions(awsCalls),
    ...permissions(gcpCalls),
    ...permissions(azureCalls),
    paysElsewhere,
    tagsSession,
    ...Object.keys(gcpCalls),
  ]);
  const looksLikeOne =
    /`((?:kms|cloudtrail|organizations|sts|iamcredentials):[A-Z]\w+|[a-z]+(?:\.[A-Za-z]+)+\.(?:get|list|use|getIamPolicy|getAccessToken)|Microsoft\.[A-Za-z]+(?:\/[A-Za-z]+)+\/[a-z]+|[A-Za-z]+\.[A-Za-z]+\.All)`/g;

  it.each([
    "README.md",
    "SECURITY.md",
    "docs/permissions/README.md",
    "docs/permissions/aws.md",
    "docs/permissions/gcp.md",
    "docs/permissions/azure.md",
    "docs/operations.md",
  ])("%s names no permission that nothing needs", (page) => {
    const named = [...read(page).matchAll(looksLikeOne)].map(([, name = ""]) => name);

    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it("tell every switch that a permission hangs on, as the configuration names it", () => {
    const readme = read("README.md");
    const switches = new Set(
      [...Object.values(awsCalls), ...Object.values(gcpCalls), ...Object.values(azureCalls)].flatMap(
        (call: Call) => call.switch ?? [],
      ),
    );
    expect(switches.size).toBeGreaterThan(0);
    for (const one of switches) expect(readme).toContain(`reads.${one}`);
  });
});
