/** How the compartments that a policy lists compare with those that use the key. */
import {
  awsEncryptionContext,
  compartmentPair,
  cryptographicOperations,
  organizationPair,
  validationCompartment,
} from "../../guidance/aws-encryption-context.ts";
import type { AwsPolicy, AwsPolicyAccess, AwsStatementTrace } from "../../model/aws-access.ts";
import type { GuidanceRevision } from "../../model/guidance-revision.ts";
import type { Registration } from "../../model/registration.ts";
import { type EncryptionContext, organizationChoices, type Traffic } from "./anthropic-requests.ts";
import { type Answer, askTraffic } from "./ask-traffic.ts";
import { conditionsInTheWay } from "./conditions-in-the-way.ts";
import { contextValuesLetIn, isContextKey } from "./listed-context-values.ts";
import { statementName } from "./operations-let-through.ts";
import { roleRequest } from "./role-access.ts";

type Circumstances = Parameters<typeof roleRequest>[2] & { readonly guidance: GuidanceRevision };

/** The compartments that a condition on the compartment keeps from encrypting or decrypting, and whose condition it is. */
export function compartmentsKeptOut(
  access: AwsPolicyAccess,
  registration: Pick<Registration, "organizations">,
  compartments: readonly string[],
  context: Circumstances,
) {
  const traffic = trafficOf(access, registration, compartments, context);
  const { refused } = askTraffic(traffic, cryptographicOperations, (operation, sent) =>
    access.decide(roleRequest(operation, sent, context)),
  );
  const byCompartment = Map.groupBy(refused, ({ encryption_context }) => encryption_context[compartmentPair] ?? "");
  return [...byCompartment].flatMap(([compartment, requests]) => {
    // Whoever may not encrypt is told of that: a statement for older data, which lets Decrypt through alone, is not to blame.
    const [first] = requests;
    const statements = first === undefined ? [] : blamed(access, first.operation, first.encryption_context, context);
    return statements.length === 0 ? [] : [{ compartment, statements }];
  });
}

/** What is not known, where that leaves a condition on the compartment of one of these open. */
export function compartmentsLeftOpen(
  access: AwsPolicyAccess,
  registration: Pick<Registration, "organizations">,
  compartments: readonly string[],
  context: Circumstances,
): readonly string[] {
  const traffic = trafficOf(access, registration, compartments, context);
  const { open } = askTraffic<Answer>(traffic, cryptographicOperations, (operation, sent) => {
    const request = roleRequest(operation, sent, context);
    const answer = access.decide(request);
    if (answer.decision !== "conditional" || access.trace(request).some(isOpenHere)) return answer;
    return { decision: "allowed", on: [] };
  });
  // Which organization a pattern means is asked elsewhere.
  return open.filter((name) => !isContextKey(name, organizationPair));
}

function isOpenHere({ conditions, result: whole }: AwsStatementTrace): boolean {
  return (
    whole === "unknown" &&
    conditions.some(({ condition, result }) => result === "unknown" && isContextKey(condition.key, compartmentPair))
  );
}

function trafficOf(
  access: AwsPolicyAccess,
  registration: Pick<Registration, "organizations">,
  compartments: readonly string[],
  { guidance }: Circumstances,
): Traffic {
  const { organization } = awsEncryptionContext[guidance];
  return {
    organizations: organization ? organizationChoices(registration, [access.policy]) : null,
    compartments: compartments.map((value) => ({ value, source: "registration" })),
  };
}

function blamed(access: AwsPolicyAccess, operation: string, sent: EncryptionContext, context: Circumstances) {
  const request = roleRequest(operation, sent, context);
  const found = conditionsInTheWay(access, request, (key) => isContextKey(key, compartmentPair));
  return namesOf(
    access.policy,
    found.map(({ statement }) => statement),
  );
}

/**
 * What a policy lists as compartments and is none of these (nor validation's), with the statements that list it: compared
 * as the operator does, with or without regard to case. Wildcards and variables list nothing.
 */
export function unknownCompartments(policy: AwsPolicy, known: readonly string[]) {
  const expected = [...known, validationCompartment];
  const unknown = contextValuesLetIn(policy, compartmentPair).filter(({ value, kind, condition }) => {
    if (kind === "pattern") return false;
    const folded = condition.base?.endsWith("IgnoreCase") === true ? value.toLowerCase() : value;
    return !expected.includes(folded);
  });
  return [...Map.groupBy(unknown, ({ value }) => value)].map(([value, listed]) => ({
    value,
    statements: namesOf(
      policy,
      listed.map(({ statement }) => statement.index),
    ),
  }));
}

function namesOf(policy: AwsPolicy, indices: readonly number[]): readonly string[] {
  return policy.statements.filter(({ index }) => indices.includes(index)).map(statementName);
}
