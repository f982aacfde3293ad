/** Members that resemble the published service account and are not it: mistyped, or meant to be mistaken for it. */
import { anthropicGcpAccount, anthropicGcpAccountName, anthropicGcpProject } from "../../guidance/identifiers.ts";
import type { GcpMember } from "../../model/gcp-access.ts";
import { editDistance } from "../edit-distance.ts";

/** In what way a member resembles the published account, for messages; undefined where it does not, or is that account. */
export function likenessOfMember({ kind, id, deleted }: GcpMember): string | undefined {
  if (id === anthropicGcpAccount && isAccountKind(kind)) {
    if (deleted) return "is what is left of an account of the published name, which was deleted";
    return kind === "service-account" ? undefined : "has the published account's address and is no service account";
  }
  const [name = "", domain] = id.split("@");
  if (domain === undefined || !isAccountKind(kind)) return undefined;
  if (name === anthropicGcpAccountName) return `has the published account's name, at ${domain}`;
  const [project = ""] = domain.split(".");
  if (project === anthropicGcpProject) {
    const isGoogles = domain === `${anthropicGcpProject}.iam.gserviceaccount.com`;
    return isGoogles ? undefined : `is of ${domain}, which is not Google's`;
  }
  return isNear(project) ? `is of a project whose id resembles ${anthropicGcpProject}` : undefined;
}

function isNear(project: string): boolean {
  const isOfLength = Math.abs(project.length - anthropicGcpProject.length) <= 2;
  return isOfLength && editDistance(project, anthropicGcpProject) <= 2;
}

function isAccountKind(kind: GcpMember["kind"]): boolean {
  return kind === "service-account" || kind === "user" || kind === "group" || kind === "unknown";
}
