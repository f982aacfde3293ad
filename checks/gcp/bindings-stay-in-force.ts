import { formatDate } from "../../src/access/dates.ts";
import { accountEndings, type GcpAccountEnding, hasEnd } from "../../src/access/gcp/account-endings.ts";
import { accountRequest } from "../../src/access/gcp/account-requests.ts";
import { conditionEnd } from "../../src/access/gcp/condition-end.ts";
import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { bindAccount } from "../../src/access/gcp/gcloud-bindings.ts";
import { levelsRead } from "../../src/access/gcp/levels-read.ts";
import { bindingsNamingAccount } from "../../src/access/gcp/published-access.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { anthropicGcpAccount } from "../../src/guidance/identifiers.ts";

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
    const answers = accountEndings(levels, request);
    const ending = answers.filter(hasEnd);
    const unknownRoles = bindingsNamingAccount(levels).flatMap(({ binding: { role, permits, condition } }) =>
      permits.state === "unreadable"
        ? [{ name: `role:${role}`, why: permits, end: conditionEnd(condition, request) }]
        : [],
    );
    // What nobody sees may give for good what is seen to end.
    const mayLast =
      unread.length > 0 || unknownRoles.some(({ end: { kind } }) => kind === "none" || kind === "unknown");
    const surely = mayLast ? [] : ending.filter(({ ends }) => ends.every(({ end }) => end.kind !== "unknown"));
    const evidence = {
      ending: surely.map(({ permission, ends }) => ({ permission, bindings: ends.map((one) => told(one)) })),
    };
    if (surely.length > 0) {
      const words = [...new Set(surely.flatMap(({ ends }) => ends.map((one) => told(one))))];
      return { outcome: "fail", message: words.join("; "), evidence };
    }
    const lasting = answers.every(({ ends }) => ends.some(({ end }) => end.kind === "none"));
    const on = [
      ...unread.map(({ name, fact }) => ({ name, why: fact })),
      ...unknownRoles.map(({ name, why }) => ({ name, why })),
      ...new Set(ending.flatMap(({ ends }) => ends.flatMap(({ end }) => (end.kind === "unknown" ? end.on : [])))),
    ];
    return lasting || on.length === 0
      ? { outcome: "pass", message: "no binding that the account needs has an end", evidence }
      : { outcome: "undecided", on, message: "whether what the account has stays in force is not known" };
  },

  commands({ registered_key, project, ...facts }, { at }) {
    const answers = accountEndings(levelsRead(facts).levels, accountRequest(registered_key, project, at));
    return bindAccount(
      answers.filter(hasEnd).map(({ permission }) => permission),
      registered_key,
    );
  },
});

function told({ role, level, end }: GcpAccountEnding): string {
  const binding = `${role} on ${level}`;
  switch (end.kind) {
    case "ends":
      return `${binding} ends at ${formatDate(end.at)}`;
    case "fails":
      return `${binding} has a condition that does not hold`;
    case "comes-and-goes":
      return `${binding} holds only at some times (${end.functions.join(", ")})`;
    case "unknown":
      return `${binding} hangs on ${end.on.join(", ")}`;
    case "none":
      return `${binding} has no end`;
  }
}
