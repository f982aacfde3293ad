/** Sorts the members of bindings so that each kind has one check that judges it: see rules on ownership. */
import { anthropicGcpAccount } from "../../guidance/identifiers.ts";
import type { GcpMember } from "../../model/gcp-access.ts";
import type { GcpHome } from "./gcp-home.ts";
import { likenessOfMember } from "./lookalike.ts";
import { ownerOfMember } from "./member-owner.ts";
import { parseGcpMember } from "./parse-member.ts";

export type GcpMemberClass =
  | "anyone"
  | "anthropic-published"
  /** Resembles the published account. */
  | "lookalike"
  /** What is left of a principal that was deleted. */
  | "orphaned"
  /** The customer's: of the key's project, or of those in the configuration. */
  | "own"
  /** Somebody else's, and registered under `expected_principals`. */
  | "expected"
  /** Anybody else's; forms that are not known too. */
  | "external"
  /** Own or somebody else's: the key's project could not be read, and the member names it by id where only the number is known, or the other way round. */
  | "undecided";

/** The first class that fits. `expected` is `expected_principals` of the registration. */
export function gcpMemberClass(member: GcpMember, home: GcpHome, expected: readonly string[]): GcpMemberClass {
  const { kind, deleted } = member;
  if (!deleted && (kind === "all-users" || kind === "all-authenticated-users")) return "anyone";
  if (!deleted && kind === "service-account" && member.id === anthropicGcpAccount) return "anthropic-published";
  if (likenessOfMember(member) !== undefined) return "lookalike";
  if (deleted) return "orphaned";
  const isOwn = isOwnMember(member, home);
  if (isOwn === true) return "own";
  if (expected.some((text) => isSameMember(text, member))) return "expected";
  return isOwn === undefined ? "undecided" : "external";
}

/** Undefined where it cannot be told without the key's project. */
function isOwnMember(member: GcpMember, home: GcpHome): boolean | undefined {
  const owner = ownerOfMember(member);
  if (owner.kind === "domain") return home.own_domains.includes(owner.domain);
  if (owner.kind === "not-told") return false;
  if (home.own_projects.includes(owner.project)) return true;
  if (home.project !== null) return false;
  return isNumber(owner.project) === isNumber(home.key.project) ? false : undefined;
}

function isNumber(project: string): boolean {
  return /^\d+$/.test(project);
}

/** A registered principal may leave out the kind. */
function isSameMember(text: string, member: GcpMember): boolean {
  if (text === member.text || text.toLowerCase() === member.id) return true;
  const { kind, id, deleted } = parseGcpMember(text);
  return !deleted && kind === member.kind && id === member.id;
}
