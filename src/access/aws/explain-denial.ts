/** A denial in words: what stops the request, and what would let it through. */
import type {
  AwsAccessDecision,
  AwsAccessRequest,
  AwsCondition,
  AwsConditionResult,
  AwsOrganizationDecision,
  AwsPolicyAccess,
  AwsStatement,
} from "../../model/aws-access.ts";
import { statementName } from "./operations-let-through.ts";

export type DenialCause =
  /** No statement of the key policy names the requester. */
  | "iam-only"
  | "not-granted"
  | "resource"
  | "deny"
  | "placeholder"
  | "value-not-listed"
  | "no-context"
  | "organization"
  | "network"
  | "time"
  | "condition";

/** A type, not an interface, so that it can be evidence. */
// oxlint-disable-next-line typescript/consistent-type-definitions -- see above
export type Denial = {
  readonly cause: DenialCause;
  readonly statement: string | null;
  readonly condition: ShownCondition | null;
  readonly text: string;
};

// oxlint-disable-next-line typescript/consistent-type-definitions -- as above
export type ShownCondition = { readonly operator: string; readonly key: string; readonly values: readonly string[] };

/** Why a policy denies a request. Nothing in it moves with time. */
export function explainDenial(access: AwsPolicyAccess, request: AwsAccessRequest, decision: AwsAccessDecision): Denial {
  const from = decision.refused_addresses === null ? "" : ` for ${decision.refused_addresses}`;
  if (decision.by?.effect === "Deny") {
    const { statement, conditions } = denialOf(decision.by);
    const text = `${statement} denies it${from}${conditions}: except the role, or what it asks for, from the Deny`;
    return { cause: "deny", statement, condition: shown(decision.why?.condition ?? null), text };
  }
  const miss = nearestMiss(access, request);
  return miss === undefined ? withoutNearStatement(access, request) : explainCondition(access, miss, from);
}

/** Of the Allow that lacks least: rather one that asks for another value than one that asks for what the request has not. */
function nearestMiss(access: AwsPolicyAccess, request: AwsAccessRequest): AwsConditionResult | undefined {
  const failing = access
    .trace(request)
    .filter(({ statement, principal, action, resource }) => {
      return statement.effect === "Allow" && principal !== "false" && action && resource !== "false";
    })
    .map(({ conditions }) => conditions.filter(({ result }) => result === "false"))
    .filter((conditions) => conditions.length > 0);
  const lacksValue = (conditions: readonly AwsConditionResult[]) => (conditions[0]?.had === null ? 1 : 0);
  return failing.toSorted((a, b) => a.length - b.length || lacksValue(a) - lacksValue(b))[0]?.[0];
}

/** Why the organization's resource control policies deny a request. */
export function explainOrganizationDenial(decision: AwsOrganizationDecision): Denial {
  const { by, policy, level, refused_addresses } = decision;
  const from = refused_addresses === null ? "" : ` for ${refused_addresses}`;
  const where = level === null ? "" : ` at ${level.kind} ${level.name ?? level.id}`;
  const { statement, conditions } = denialOf(by);
  const text = `the resource control policy ${policy?.name ?? "above the key"}${where} denies it${from}, by ${statement}${conditions}: except the role there, by aws:PrincipalArn or aws:PrincipalAccount, or the key`;
  return { cause: "organization", statement, condition: shown(decision.why?.condition ?? null), text };
}

/** How messages write a condition. */
export function conditionText({ operator, key, values }: AwsCondition): string {
  return `${operator} ${key} ${few(values)}`;
}

/** Three values at the most, and how many more there are. */
export function few(values: readonly string[]): string {
  if (values.length === 0) return "(an empty list)";
  const told = values.slice(0, 3).map((value) => (value === "" ? '""' : value));
  return values.length > 3 ? `${told.join(", ")} and ${values.length - 3} more` : told.join(", ");
}

function denialOf(by: AwsStatement | null): { readonly statement: string; readonly conditions: string } {
  const told = by?.conditions.map(conditionText) ?? [];
  return { statement: statementName(by), conditions: told.length === 0 ? "" : ` (${told.join(" and ")})` };
}

function withoutNearStatement(access: AwsPolicyAccess, request: AwsAccessRequest): Denial {
  const naming = access.trace(request).filter(({ statement, principal }) => {
    return statement.effect === "Allow" && principal !== "false";
  });
  const { operation, caller } = request;
  if (naming.length === 0) {
    const text = `no statement of the key policy names ${caller.name}, and access granted through IAM in the key's own account cannot work for a principal of another: add a statement that names it`;
    return { cause: "iam-only", statement: null, condition: null, text };
  }
  const elsewhere = naming.find(({ action, resource }) => action && resource === "false");
  if (elsewhere === undefined) {
    const text = `no statement gives it to ${caller.name}: add ${operation} to ${statementName(naming[0]?.statement ?? null)}`;
    return { cause: "not-granted", statement: null, condition: null, text };
  }
  const statement = statementName(elsewhere.statement);
  const said = elsewhere.statement.resources === null ? "has no Resource" : "is for another Resource than this key";
  return {
    cause: "resource",
    statement,
    condition: null,
    text: `${statement} ${said} and so has no effect: write "Resource": "*"`,
  };
}

function explainCondition(access: AwsPolicyAccess, why: AwsConditionResult, from: string): Denial {
  const { condition, statement: index } = why;
  const { policy } = access;
  const statement = statementName(policy.statements.find((one) => one.index === index) ?? null);
  const key = condition.key.toLowerCase();
  const told = (cause: DenialCause, text: string): Denial => ({ cause, statement, condition: shown(condition), text });
  const asks = `${statement} asks for ${conditionText(condition)}`;

  const placeholder = policy.placeholders.find((one) => one.statement === index && one.key === condition.key);
  if (placeholder !== undefined) {
    const text = `${statement} still holds ${JSON.stringify(placeholder.text)} under ${condition.key}: put the value there that it stands for`;
    return told("placeholder", text);
  }
  if (key.startsWith("kms:encryptioncontext")) {
    if (why.had === null) return told("no-context", `${asks}, and the request has none: ${contextAdvice(key)}`);
    const advice = condition.base?.includes("Not") === true ? "take it out there" : "list it there";
    return told("value-not-listed", `${asks}, and the request has ${few(why.had)}: ${advice}`);
  }
  if (networkKeys.includes(key)) {
    const advice = key === "aws:sourceip" ? "let the whole outbound range in" : "take the condition off";
    return told("network", `${asks}, which refuses Anthropic's addresses${from}: ${advice}`);
  }
  if (timeKeys.includes(key)) return told("time", `${asks}, a time that is not now: take the condition off`);
  if (organizationKeys.includes(key)) {
    return told("organization", `${asks}, and Anthropic's account is in another organization: take the condition off`);
  }
  // Never what the request had: some of it moves with time.
  return told("condition", `${asks}, which Anthropic's requests do not fulfil: take the condition off`);
}

function contextAdvice(key: string): string {
  return key.includes("compartment")
    ? "use StringEqualsIfExists, or a statement without it"
    : "use a statement without it";
}

/** Where a request comes from, as a condition key says it. */
const networkKeys: readonly string[] = [
  "aws:sourceip",
  "aws:vpcsourceip",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:sourcevpcarn",
  "aws:vpceaccount",
  "aws:vpceorgid",
  "aws:vpceorgpaths",
];
const timeKeys: readonly string[] = ["aws:currenttime", "aws:epochtime", "aws:tokenissuetime"];
const organizationKeys: readonly string[] = ["aws:principalorgid", "aws:principalorgpaths"];

function shown(condition: AwsCondition | null): ShownCondition | null {
  if (condition === null) return null;
  const { operator, key, values } = condition;
  return { operator, key, values };
}
