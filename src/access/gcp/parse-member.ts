import type { GcpMember, GcpMemberKind } from "../../model/gcp-access.ts";

/** What allow policies put before the colon. */
const kinds: ReadonlyMap<string, GcpMemberKind> = new Map([
  ["user", "user"],
  ["group", "group"],
  ["domain", "domain"],
  ["serviceAccount", "service-account"],
  ["projectOwner", "project-role"],
  ["projectEditor", "project-role"],
  ["projectViewer", "project-role"],
]);

/** Deny policies, and newer allow policies, name the same identities by addresses. */
const addresses: readonly { readonly form: RegExp; readonly kind: GcpMemberKind }[] = [
  { form: /^principal:\/\/goog\/subject\/(.+)$/, kind: "user" },
  { form: /^principal:\/\/iam\.googleapis\.com\/projects\/[^/]+\/serviceAccounts\/(.+)$/, kind: "service-account" },
  { form: /^principalSet:\/\/goog\/group\/(.+)$/, kind: "group" },
  { form: /^principalSet:\/\/goog\/(public:all)$/, kind: "all-users" },
  { form: /^principal:\/\/(.+)$/, kind: "principal" },
  { form: /^principalSet:\/\/(.+)$/, kind: "principal-set" },
];

/**
 * Takes a member of a binding, or a principal of a deny policy, apart.
 * https://cloud.google.com/iam/docs/principal-identifiers
 */
export function parseGcpMember(text: string): GcpMember {
  const [, deleted, rest = ""] = /^(deleted:)?(.*)$/s.exec(text) ?? [];
  const named = deleted === undefined ? rest : rest.replace(/\?uid=[^?]*$/, "");
  return { text, ...identityOf(named), deleted: deleted !== undefined };
}

function identityOf(named: string): Pick<GcpMember, "kind" | "id"> {
  if (named === "allUsers") return { kind: "all-users", id: named };
  if (named === "allAuthenticatedUsers") return { kind: "all-authenticated-users", id: named };
  for (const { form, kind } of addresses) {
    const id = form.exec(named)?.[1];
    if (id !== undefined) return { kind, id: isAddress(kind) ? id : id.toLowerCase() };
  }
  const [, prefix = "", id = ""] = /^([A-Za-z]+):(.+)$/s.exec(named) ?? [];
  const kind = kinds.get(prefix);
  if (kind === undefined) return { kind: "unknown", id: named };
  return { kind, id: kind === "project-role" ? id : id.toLowerCase() };
}

/** Names in pools and the kinds of principal sets differ by case. */
function isAddress(kind: GcpMemberKind): boolean {
  return kind === "principal" || kind === "principal-set";
}
