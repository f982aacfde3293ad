/**
 * What deny policies take away: a rule that hits beats every binding, at whatever level it is.
 * https://cloud.google.com/iam/docs/deny-overview
 */
import type { Unreadable } from "../../model/fact.ts";
import type { GcpDenyRules, GcpLevel, GcpMember, GcpNamedDenyRule } from "../../model/gcp-access.ts";
import { holdingOfPublishedAccount } from "./account-membership.ts";
import { type GcpRequest, judgeCondition } from "./judge-condition.ts";
import { parseGcpMember } from "./parse-member.ts";

export interface GcpDenial {
  readonly decision: "denied" | "conditional" | "spared";
  /** Where `conditional`: what it hangs on, sorted. */
  readonly on: readonly string[];
  /** The rules that hit, where `denied`; those that may, where `conditional`. */
  readonly rules: readonly { readonly level: GcpLevel; readonly rule: GcpNamedDenyRule }[];
  /** Levels whose rules could not be read: one of them may deny. */
  readonly unread: readonly { readonly level: GcpLevel; readonly rules: Unreadable }[];
}

/** Whether the deny policies take a permission (as bindings spell it) away from the published account. */
export function publishedDenial(levels: GcpDenyRules, permission: string, request: GcpRequest): GcpDenial {
  const own = new Set(levels.flatMap(({ level, also_named = [] }) => [level.name, ...also_named]));
  const holds = (principal: GcpMember) => (isSetOf(principal, own) ? "no" : holdsPublishedAccount(principal));
  return denialOf(levels, permission, request, { denied: holds, spared: holds });
}

/** Whether they take it away from a member of a binding: surely from everybody whom the member stands for. */
export function memberDenial(
  levels: GcpDenyRules,
  permission: string,
  request: GcpRequest,
  member: GcpMember,
): GcpDenial {
  return denialOf(levels, permission, request, {
    denied: (principal) => holdsMember(principal, member),
    spared: (principal) => sparesMember(principal, member),
  });
}

type Holds = "yes" | "perhaps" | "no";

/** Whether a principal of a rule is who is asked about: as one of the denied, and as one of the exceptions. */
interface Who {
  readonly denied: (principal: GcpMember) => Holds;
  readonly spared: (principal: GcpMember) => Holds;
}

function denialOf(levels: GcpDenyRules, permission: string, request: GcpRequest, who: Who): GcpDenial {
  const unread = levels.flatMap(({ level, rules }) => (rules.state === "unreadable" ? [{ level, rules }] : []));
  const answers = levels.flatMap(({ level, rules }) =>
    rules.state === "known"
      ? rules.value.map((rule) => ({ level, rule, ...hits(rule, permission, request, who) }))
      : [],
  );
  const chosen = (wanted: Hit["hit"]) => answers.filter(({ hit }) => hit === wanted);
  const [surely, perhaps] = [chosen("yes"), chosen("perhaps")];
  const rulesOf = (found: typeof answers) => found.map(({ level, rule }) => ({ level, rule }));
  if (surely.length > 0) return { decision: "denied", on: [], rules: rulesOf(surely), unread };
  const on = [...new Set(perhaps.flatMap((answer) => answer.on))].toSorted();
  return { decision: perhaps.length > 0 ? "conditional" : "spared", on, rules: rulesOf(perhaps), unread };
}

interface Hit {
  readonly hit: Holds;
  readonly on: readonly string[];
}

const miss: Hit = { hit: "no", on: [] };

function hits(rule: GcpNamedDenyRule, permission: string, request: GcpRequest, who: Who): Hit {
  const name = deniablePermission(permission);
  const covers = (patterns: readonly string[]) => patterns.some((pattern) => coversPermission(pattern, name));
  if (!covers(rule.denied_permissions) || covers(rule.exception_permissions)) return miss;
  const denied = strongest(rule.denied_principals, who.denied);
  const spared = strongest(rule.exception_principals, who.spared);
  const condition = judgeCondition(rule.condition === null ? null : { ...rule.condition, hidden: false }, request);
  if (denied.hit === "no" || spared.hit === "yes" || condition.result === "false") return miss;
  if (denied.hit === "yes" && spared.hit === "no" && condition.result === "true") return { hit: "yes", on: [] };
  return { hit: "perhaps", on: [...(denied.hit === "yes" ? [] : denied.on), ...spared.on, ...condition.on] };
}

function strongest(principals: readonly string[], holds: (principal: GcpMember) => Holds): Hit {
  const answers = principals.map((text) => ({ text, answer: holds(parseGcpMember(text)) }));
  if (answers.some(({ answer }) => answer === "yes")) return { hit: "yes", on: [] };
  const perhaps = answers.filter(({ answer }) => answer === "perhaps");
  return { hit: perhaps.length > 0 ? "perhaps" : "no", on: perhaps.map(({ text }) => `membership of ${text}`) };
}

function holdsPublishedAccount(principal: GcpMember): Holds {
  const holding = holdingOfPublishedAccount(principal);
  if (holding === "not") return "no";
  return holding === "perhaps" ? "perhaps" : "yes";
}

/** Everybody of the key's own project, or of a folder or organization above it: Anthropic's account is of none. */
function isSetOf({ kind, id }: GcpMember, owners: ReadonlySet<string>): boolean {
  const owner = /^cloudresourcemanager\.googleapis\.com\/([a-z]+\/[^/]+)(?:\/|$)/.exec(id)?.[1];
  return kind === "principal-set" && owner !== undefined && owners.has(owner);
}

function holdsMember(principal: GcpMember, member: GcpMember): Holds {
  if (principal.deleted) return "no";
  if (principal.kind === "all-users") return "yes";
  if (principal.kind === member.kind && principal.id === member.id) return "yes";
  return principal.kind === "group" || principal.kind === "principal-set" || principal.kind === "unknown"
    ? "perhaps"
    : "no";
}

/** An exception for one of many leaves that one what the many are bound to. */
function sparesMember(principal: GcpMember, member: GcpMember): Holds {
  const holds = holdsMember(principal, member);
  const isOne = member.kind === "user" || member.kind === "service-account" || member.kind === "principal";
  return holds === "no" && !isOne && !principal.deleted ? "perhaps" : holds;
}

/** `cloudkms.cryptoKeys.get` is `cloudkms.googleapis.com/cryptoKeys.get` there. */
function deniablePermission(permission: string): string {
  const [service = "", ...rest] = permission.split(".");
  const api = service === "resourcemanager" ? "cloudresourcemanager" : service;
  return `${api}.googleapis.com/${rest.join(".")}`;
}

/** Groups of permissions: https://cloud.google.com/iam/docs/deny-permissions-support#permission-groups */
function coversPermission(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === name;
  const last = rest.pop() ?? "";
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > name.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}
