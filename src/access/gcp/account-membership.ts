import { anthropicGcpAccount } from "../../guidance/identifiers.ts";
import type { GcpMember } from "../../model/gcp-access.ts";

/** How a member of a binding takes the published account in. */
export type GcpHolding =
  | "by-name"
  | "as-anybody"
  /** A set of accounts, of which nobody here can see the members. */
  | "perhaps"
  | "not";

/** Service accounts are of no Workspace domain: https://cloud.google.com/iam/docs/service-account-overview */
export function holdingOfPublishedAccount({ kind, id, deleted }: GcpMember): GcpHolding {
  if (deleted) return "not";
  switch (kind) {
    case "service-account":
      if (id === anthropicGcpAccount) return "by-name";
      // By its unique number, which nobody published.
      return /^\d+$/.test(id) ? "perhaps" : "not";
    case "all-users":
    case "all-authenticated-users":
      return "as-anybody";
    case "user":
    case "domain":
    case "principal":
      return "not";
    case "principal-set":
      // Identities of a pool come from another provider of identities.
      return id.startsWith("iam.googleapis.com/") ? "not" : "perhaps";
    case "group":
    case "project-role":
    case "unknown":
      return "perhaps";
  }
}
