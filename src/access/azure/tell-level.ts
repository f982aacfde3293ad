import type { AzureAssignment, AzureLevel } from "../../model/azure-access.ts";

/** For messages: what a finding is of, it names already. In lower case: Azure writes ids now in this, now in that. */
export function tellLevel({ kind, scope }: AzureLevel): string {
  if (kind === "key") return "the key";
  if (kind === "root") return "the root of the tenant";
  const name = scope.split("/").findLast((segment) => segment !== "") ?? scope;
  return `the ${kind.replace("-", " ")} ${name.toLowerCase()}`;
}

/** The role, by name where it could be read, and where it is assigned. */
export function tellAssignment({ permits, role_definition_id, level }: AzureAssignment): string {
  const id = (role_definition_id.split("/").at(-1) ?? role_definition_id).toLowerCase();
  return `${permits.state === "known" ? permits.value.name : `role ${id}`} on ${tellLevel(level)}`;
}
