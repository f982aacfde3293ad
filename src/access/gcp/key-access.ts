/** Who can do what with a Cloud KMS key: everybody whom a binding on it or above it names. */

import { anthropicGcpProject } from "../../guidance/identifiers.ts";
import type { Fact, FactsByName } from "../../model/fact.ts";
import type { GcpCondition, GcpDenyRules, GcpLevel, GcpLevelAccess, GcpMember } from "../../model/gcp-access.ts";
import type { KeyResource } from "../../model/key.ts";
import type {
  AccessClass,
  accessSourceKinds,
  KeyAccess,
  KeyAccessRow,
  UnreadableSource,
} from "../../model/key-access.ts";
import type { AccessContext } from "../resource-access.ts";
import { unreadableSource } from "../unreadable-source.ts";
import { boundMembers, type GcpBoundMember, isLetIn } from "./bound-members.ts";
import { memberDenial } from "./deny.ts";
import { factOf } from "./fact-of.ts";
import { type GcpHome, gcpHome } from "./gcp-home.ts";
import type { GcpConditionResult } from "./judge-condition.ts";
import { gcpKeyParts } from "./key-name.ts";
import type { GcpMemberClass } from "./member-class.ts";
import { keyRequested } from "./requested-resources.ts";
import { isOfLevelsAbove } from "./role-operations.ts";

/** Every row that follows from the facts of a key, raw and derived. `at` in epoch milliseconds. */
export function gcpKeyAccess(facts: FactsByName, key: KeyResource, { at, settings }: AccessContext): KeyAccess {
  const levels = levelsOf(facts);
  const registration = factOf(facts, "registration");
  const project = factOf(facts, "project");
  const home = gcpHome(gcpKeyParts(key.resource), project.state === "known" ? project.value : null, settings.gcp);
  const expected = registration.state === "known" ? registration.value.expected_principals : [];
  const readable = levels.flatMap(({ access }) => (access.state === "known" ? [access.value] : []));
  const deny = factOf(facts, "deny_rules");
  const denials = deny.state === "known" ? (deny.value ?? []) : [];
  const bound = boundMembers(readable, home, { at, expected });
  return {
    rows: bound.flatMap((one) => rowsOf(one, { denials, at, home })),
    unreadable: [
      ...levels.flatMap(({ fact, access }) => unreadableSource(fact, access)),
      ...unreadableRoles(bound),
      ...unreadableSource("deny_rules", deny),
      ...denials.flatMap(({ level, rules }) => unreadableSource(`deny_rules:${level.name}`, rules)),
      ...unreadableSource("project", project),
      ...unreadableSource("registration", registration),
    ],
  };
}

interface NamedLevel {
  readonly fact: string;
  readonly access: Fact<GcpLevelAccess>;
}

function levelsOf(facts: FactsByName): readonly NamedLevel[] {
  const own = (["key_access", "ring_access", "project_access"] as const).map((fact) => ({
    fact,
    access: factOf(facts, fact),
  }));
  const above = factOf(facts, "ancestor_access");
  if (above.state === "unreadable") return [...own, { fact: "ancestor_access", access: above }];
  return [...own, ...(above.value ?? []).map(({ name, access }) => ({ fact: `ancestor_access:${name}`, access }))];
}

interface Deciding {
  readonly denials: GcpDenyRules;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly home: GcpHome;
}

/** What is refused has no row. */
function rowsOf(bound: GcpBoundMember, deciding: Deciding): readonly KeyAccessRow[] {
  const { level, binding, member, condition, condition_above } = bound;
  if (!isLetIn(bound) || member.deleted) return [];
  const row = {
    principal: member.text,
    class: classOf(bound),
    callers: [member.text],
    encryption_contexts: null,
    source: { kind: sourceKinds[level.kind], name: `${binding.role} on ${level.name}` },
    conditions: binding.condition === null ? [] : [wordsFor(binding.condition)],
  } as const;
  if (binding.permits.state === "unreadable" || bound.operations.state === "unreadable") {
    const { on } = condition.result === "false" ? condition_above : condition;
    return [
      { ...row, operations: [], decision: "conditional", on: [...on, `permissions of ${binding.role}`].toSorted() },
    ];
  }
  if (binding.permits.value.deleted) return [];
  const above = bound.operations.value.policy.filter(isOfLevelsAbove);
  const let_through = [
    ...binding.permits.value.kms_permissions.flatMap((operation) => openOf(operation, condition, member, deciding)),
    ...above.flatMap((operation) => openOf(operation, condition_above, member, deciding)),
  ];
  const groups = Map.groupBy(let_through, ({ on }) => on.join("\n"));
  return [...groups.values()].flatMap((group) => {
    const on = group[0]?.on ?? [];
    const decision = on.length === 0 ? "allowed" : "conditional";
    return [{ ...row, operations: group.map(({ operation }) => operation), decision, on } as const];
  });
}

/** What the operation hangs on; none where its condition does not hold, or a deny policy surely takes it away. */
function openOf(operation: string, condition: GcpConditionResult, member: GcpMember, { denials, at, home }: Deciding) {
  if (condition.result === "false") return [];
  const request = { at, resources: keyRequested(home.key, home.project) };
  const denial = memberDenial(denials, operation, request, member);
  if (denial.decision === "denied") return [];
  return [{ operation, on: [...new Set([...condition.on, ...denial.on])].toSorted() }];
}

function wordsFor({ hidden, title, expression }: GcpCondition): string {
  if (hidden) return "a condition that this version of the policy does not show";
  return title === null ? expression : `${title}: ${expression}`;
}

const sourceKinds = {
  key: "key-binding",
  "key-ring": "ring-binding",
  project: "project-binding",
  folder: "folder-binding",
  organization: "organization-binding",
} as const satisfies Record<GcpLevel["kind"], (typeof accessSourceKinds)[number]>;

function classOf({ class: kind, member }: GcpBoundMember): AccessClass {
  const isAnthropics =
    member.kind === "service-account" && member.id.endsWith(`@${anthropicGcpProject}.iam.gserviceaccount.com`);
  return kind === "external" && isAnthropics ? "anthropic-other" : classes[kind];
}

const classes = {
  anyone: "anyone",
  "anthropic-published": "anthropic-published",
  lookalike: "lookalike",
  orphaned: "orphaned",
  own: "own-account",
  expected: "external",
  external: "external",
  // The project that would tell stands among the unreadable sources.
  undecided: "external",
} as const satisfies Record<GcpMemberClass, AccessClass>;

function unreadableRoles(bound: readonly GcpBoundMember[]): readonly UnreadableSource[] {
  const roles = new Map(bound.map(({ binding }) => [binding.role, binding.permits]));
  return [...roles].flatMap(([role, permits]) => unreadableSource(`role:${role}`, permits));
}
