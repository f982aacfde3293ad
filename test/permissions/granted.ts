/** What the documents of docs/permissions grant, read as the providers would read them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { localList, parseTerraform } from "./parse-terraform.ts";

const folder = join(import.meta.dirname, "../../docs/permissions");
const read = (path: string) => readFileSync(join(folder, path), "utf8");
const terraform = (cloud: string) => parseTerraform(read(`terraform/${cloud}/main.tf`));

interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
}

/** The policy, and what else the service's own role is given. */
export function grantedByAws(): readonly string[] {
  const { Statement: statements } = JSON.parse(read("aws.json")) as { readonly Statement: readonly Statement[] };
  const allowed = statements.filter(({ Effect }) => Effect === "Allow");
  return [...allowed.flatMap(({ Action }) => Action), ...localList(terraform("aws"), "role_actions")];
}

/** Both custom roles. */
export function grantedByGcp(): readonly string[] {
  return ["gcp.yaml", "gcp-organization.yaml"].flatMap(
    (file) => (parse(read(file)) as { readonly includedPermissions: readonly string[] }).includedPermissions,
  );
}

interface CustomRole {
  readonly Actions: readonly string[];
  readonly DataActions: readonly string[];
}

/** The custom role, its data actions as the simulator tells them from actions of the same name, and the consent. */
export function grantedByAzure(): readonly string[] {
  const role = JSON.parse(read("azure.json")) as CustomRole;
  return [
    ...role.Actions,
    ...role.DataActions.map((action) => `${action} (data action)`),
    ...localList(terraform("azure"), "directory_permissions"),
  ];
}
