import { formatDate } from "../../src/access/dates.ts";
import { accountRequest } from "../../src/access/gcp/account-requests.ts";
import { conditionEnd, type GcpConditionEnd } from "../../src/access/gcp/condition-end.ts";
import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { bindAccount } from "../../src/access/gcp/gcloud-bindings.ts";
import type { GcpRequest } from "../../src/access/gcp/judge-condition.ts";
import { levelsRead } from "../../src/access/gcp/levels-read.ts";
import { bindingsNamingAccount } from "../../src/access/gcp/published-access.ts";
import { tellLevel } from "../../src/access/gcp/tell-level.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { gcpUsePermissions, gcpViewPermission } from "../../src/guidance/gcp-roles.ts";
import { anthropicGcpAccount } from "../../src/guidance/identifiers.ts";
import type { GcpLevelAccess } from "../../src/model/gcp-access.ts";

const needed = [...gcpUsePermissions, gcpViewPermission];

export const bindingsStayInForce = defineCheck({
  id: "gcp/bindings-stay-in-force",
  title: "What the published service account is given has no end",
  resource: "gcp.kms-key",
  severity: "high",
  why: "When the condition of a binding ceases to hold, Anthropic is locked out, whether anybody remembers it or not.",
  remediation: `Give ${anthropicGcpAccount} the same role on the key without a condition; then what ends may end.`,
  references: [
    "https://cloud.google.com/iam/docs/conditions-overview",
    "https://cloud.google.com/iam/docs/configuring-temporary-access",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: existingGcpKey,

  reads: ["registered_key"],
  mayRead: ["key_access", "ring_access", "project_access", "ancestor_access", "project"],
  evaluate({ registered_key, project, ...facts }, { at }) {
    const { levels, unread } = levelsRead(facts);
    const request = accountRequest(registered_key, project, at);
    const answers = answersOf(levels, request);
    const lasting = answers.every(({ ends }) => ends.some(({ end }) => end.kind === "none"));
    const ending = answers.filter(isEnding);
    const evidence = {
      ending: ending.map(({ permission, ends }) => ({ permission, bindings: ends.map((one) => told(one)) })),
    };
    const on = [
      ...unread.map(({ name, fact }) => ({ name, why: fact })),
      ...bindingsNamingAccount(levels).flatMap(({ binding: { role, permits } }) =>
        permits.state === "unreadable" ? [{ name: `role:${role}`, why: permits }] : [],
      ),
      ...new Set(ending.flatMap(({ ends }) => ends.flatMap(({ end }) => (end.kind === "unknown" ? end.on : [])))),
    ];
    if (!lasting && on.length > 0) {
      return { outcome: "undecided", on, message: "whether what the account has stays in force is not known" };
    }
    if (ending.length === 0) {
      return { outcome: "pass", message: "no binding that the account needs has an end", evidence };
    }
    const words = [...new Set(ending.flatMap(({ ends }) => ends.map((one) => told(one))))];
    return { outcome: "fail", message: words.join("; "), evidence };
  },

  commands({ registered_key, project, ...facts }, { at }) {
    const answers = answersOf(levelsRead(facts).levels, accountRequest(registered_key, project, at));
    return bindAccount(
      answers.filter(isEnding).map(({ permission }) => permission),
      registered_key,
    );
  },
});

interface Ending {
  readonly role: string;
  readonly level: string;
  readonly end: GcpConditionEnd;
}

interface Answer {
  readonly permission: string;
  /** Of each binding that gives it. */
  readonly ends: readonly Ending[];
}

function answersOf(levels: readonly GcpLevelAccess[], request: GcpRequest): readonly Answer[] {
  return needed.map((permission) => ({ permission, ends: endsOf(levels, permission, request) }));
}

/** What nothing gives, other checks miss; what one binding gives for good, another cannot end. */
function isEnding({ ends }: Answer): boolean {
  return ends.length > 0 && ends.every(({ end }) => end.kind !== "none");
}

function endsOf(levels: readonly GcpLevelAccess[], permission: string, request: GcpRequest): readonly Ending[] {
  return bindingsNamingAccount(levels).flatMap(({ level, binding: { role, permits, condition } }) =>
    permits.state === "known" && !permits.value.deleted && permits.value.kms_permissions.includes(permission)
      ? [{ role, level: tellLevel(level), end: conditionEnd(condition, request) }]
      : [],
  );
}

function told({ role, level, end }: Ending): string {
  const binding = `${role} on ${level}`;
  switch (end.kind) {
    case "ends":
      return `${binding} ends at ${formatDate(end.at)}`;
    case "fails":
      return `${binding} has a condition that does not hold any more`;
    case "comes-and-goes":
      return `${binding} holds only at some times (${end.functions.join(", ")})`;
    case "unknown":
      return `${binding} hangs on ${end.on.join(", ")}`;
    case "none":
      return `${binding} has no end`;
  }
}
