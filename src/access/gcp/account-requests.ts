/** Whether the published account may do what it needs, from every level at once, for the checks that ask whether it works. */
import type { Fact, Unreadable } from "../../model/fact.ts";
import type { GcpProject, GcpRegisteredKey } from "../../model/gcp.ts";
import type { GcpDenyRules } from "../../model/gcp-access.ts";
import { publishedDenial } from "./deny.ts";
import type { GcpRequest } from "./judge-condition.ts";
import { asFarAsTheProject, type GcpLevelsRead } from "./levels-read.ts";
import { type GcpAccountAccess, type GcpGrant, publishedAccess } from "./published-access.ts";
import { keyRequested } from "./requested-resources.ts";
import { tellLevel } from "./tell-level.ts";

/** What an answer hangs on: context by name, or something that could not be read. */
export type GcpOpen = string | { readonly name: string; readonly why: Unreadable };

export interface GcpAccountAnswer {
  readonly permission: string;
  readonly decision: "allowed" | "refused" | "open";
  readonly on: readonly GcpOpen[];
  /** Where `allowed`: what gives it. */
  readonly grants: readonly GcpGrant[];
  /** Where `refused`: why, in words. */
  readonly why: string;
}

/** The account's own request about the key, at a moment in epoch milliseconds. */
export function accountRequest(key: GcpRegisteredKey, project: Fact<GcpProject>, at: number): GcpRequest {
  return { at, resources: keyRequested(key, project.state === "known" ? project.value : null) };
}

/** `denyRules`: null where nobody was to look. */
export function askForAccount(
  permissions: readonly string[],
  levels: GcpLevelsRead,
  denyRules: Fact<GcpDenyRules | null>,
  request: GcpRequest,
): readonly GcpAccountAnswer[] {
  return permissions.map((permission) => {
    const taken = takenAway(permission, denyRules, request);
    if (taken.decision === "refused") return { permission, grants: [], ...taken };
    const given = whatIsGiven(permission, levels, request);
    // Whatever takes it away matters only where something may give it.
    if (given.decision === "allowed" && taken.decision === "open") return { ...given, decision: "open", on: taken.on };
    return given;
  });
}

/** What a check says by these answers; `doing` is what the account is to do, e.g. `look at the key`. */
export function verdictOnAccount(answers: readonly GcpAccountAnswer[], doing: string) {
  const refused = answers.filter(({ decision }) => decision === "refused");
  if (refused.length > 0) {
    const told = refused.map(({ permission, why }) => `${permission}: ${why}`);
    const evidence = { refused: refused.map(({ permission, why }) => ({ permission, why })) };
    return { outcome: "fail", message: `the account is refused ${told.join("; ")}`, evidence } as const;
  }
  const open = answers.filter(({ decision }) => decision === "open");
  if (open.length > 0) {
    const message = `whether the account may ${doing} hangs on what is not known`;
    return { outcome: "undecided", on: open.flatMap(({ on }) => on), message } as const;
  }
  const grants = answers.flatMap((answer) => answer.grants.map(({ level, role }) => `${role} on ${level.name}`));
  const evidence = { by: [...new Set(grants)].toSorted() };
  return { outcome: "pass", message: `the account may ${doing}`, evidence } as const;
}

/** Whether a deny policy surely takes one of these permissions from the account. */
export function isAccountDenied(
  permissions: readonly string[],
  denyRules: Fact<GcpDenyRules | null>,
  request: GcpRequest,
): boolean {
  return permissions.some((permission) => takenAway(permission, denyRules, request).decision === "refused");
}

function whatIsGiven(permission: string, levels: GcpLevelsRead, request: GcpRequest): GcpAccountAnswer {
  const access = publishedAccess(levels.levels, permission, request);
  const answer = { permission, grants: access.grants, on: [], why: "" };
  if (access.decision === "allowed") return { ...answer, decision: "allowed" };
  const roles = access.unread.map(({ role, role_fact }) => ({ name: `role:${role}`, why: role_fact }));
  const unread = levels.unread.map(({ name, fact }) => ({ name, why: fact }));
  const on = [...access.on, ...roles, ...unread];
  return on.length > 0
    ? { ...answer, decision: "open", on }
    : { ...answer, decision: "refused", why: whyRefused(access, levels) };
}

function whyRefused({ failing }: GcpAccountAccess, { looked_above }: GcpLevelsRead): string {
  if (failing.length === 0) return `no binding gives it${looked_above ? "" : `, ${asFarAsTheProject}`}`;
  const told = failing.map(({ role, level }) => `${role} on ${tellLevel(level)}`);
  return `what gives it has a condition that does not hold (${[...new Set(told)].join(", ")})`;
}

function takenAway(
  permission: string,
  denyRules: Fact<GcpDenyRules | null>,
  request: GcpRequest,
): Pick<GcpAccountAnswer, "decision" | "on" | "why"> {
  if (denyRules.state === "unreadable") {
    return { decision: "open", on: [{ name: "deny_rules", why: denyRules }], why: "" };
  }
  if (denyRules.value === null) return { decision: "allowed", on: [], why: "" };
  const { decision, on, rules, unread } = publishedDenial(denyRules.value, permission, request);
  if (decision === "denied") {
    const names = rules.map(({ rule }) => rule.policy);
    return { decision: "refused", on: [], why: `denied by ${[...new Set(names)].join(", ")}` };
  }
  const open: readonly GcpOpen[] = [
    ...on,
    ...unread.map(({ level, rules: why }) => ({ name: `deny_policies:${level.name}`, why })),
  ];
  return { decision: open.length > 0 ? "open" : "allowed", on: open, why: "" };
}
