/** Corrections for what a policy gives the published role, or keeps from it. */
import {
  accountAdministers,
  compartmentContextKey,
  type DocumentedBinding,
  organizationContextKey,
  roleDescribes,
  roleUses,
} from "../../guidance/aws-documented-statements.ts";
import { anthropicAwsRoleArn, anthropicAwsRoleOperations } from "../../guidance/identifiers.ts";
import type { AwsPlaceholder, AwsStatement } from "../../model/aws-access.ts";
import type { GuidanceRevision } from "../../model/guidance-revision.ts";
import type { Registration } from "../../model/registration.ts";
import { no } from "../three-valued.ts";
import {
  addStatements,
  conditionValues,
  editConditionValues,
  editPolicy,
  editPrincipals,
  nameActions,
  namePrincipals,
  type StatementNode,
  setCondition,
  withoutConditionKeys,
  withoutSid,
} from "./correct-policy.ts";
import { matchPrincipal } from "./match-principal.ts";
import { lets, ownRootArn, type PolicyToCorrect } from "./policy-to-correct.ts";

const cryptographic: readonly string[] = ["kms:Encrypt", "kms:Decrypt"];

/** Leaves the role the documented operations of every statement that gives it more. */
export function narrowedRole(policy: PolicyToCorrect): string | undefined {
  const given = new Map(lets(policy, policy.role).map(({ statement, operations }) => [statement.index, operations]));
  return editPolicy(policy.text, (node, index) => {
    const operations = given.get(index) ?? [];
    const documented = anthropicAwsRoleOperations.filter((operation) => operations.includes(operation));
    if (documented.length === operations.length) return [node];
    return forRole(policy, node, index, (own) => (documented.length === 0 ? [] : [nameActions(own, documented)]));
  });
}

/** Binds every statement by which the role may encrypt or decrypt with a context that is not the customer's. */
export function boundContext(policy: PolicyToCorrect, binding: DocumentedBinding | undefined): string | undefined {
  if (binding === undefined) return undefined;
  const open = unboundStatements(policy);
  const given = new Map(
    lets(policy, policy.role, anthropicAwsRoleOperations).map(({ statement, operations }) => [
      statement.index,
      operations,
    ]),
  );
  return editPolicy(policy.text, (node, index) => {
    if (!open.has(index)) return [node];
    const operations = given.get(index) ?? [];
    const used = operations.filter((operation) => cryptographic.includes(operation));
    const others = operations.filter((operation) => !cryptographic.includes(operation));
    return forRole(policy, node, index, (own) => {
      const loose = withoutConditionKeys(own, [binding.key.toLowerCase()]);
      const bound = setCondition(nameActions(loose, used), binding.operator, binding.key, binding.values);
      return others.length === 0 ? [bound] : [bound, withoutSid(nameActions(own, others))];
    });
  });
}

const somebodyElses = "00000000-1111-4222-8333-444444444444";

/** The Allow statements that hold for the role whatever organization or compartment its request is for. */
function unboundStatements({ access, role, at }: PolicyToCorrect): ReadonlySet<number> {
  const [org, compartment] = ["anthropic:org_uuid", "anthropic:compartment_uuid"];
  const listed = access.policy.statements
    .flatMap(({ conditions }) => conditions)
    .filter(({ key }) => key.toLowerCase() === compartmentContextKey.toLowerCase())
    .flatMap(({ values }) => values);
  const fresh = [
    {},
    { [org]: somebodyElses },
    { [compartment]: somebodyElses },
    { [org]: somebodyElses, [compartment]: somebodyElses },
  ];
  const claimed = listed.map((value) => ({ [org]: somebodyElses, [compartment]: value }));
  const asked = [
    ...fresh.flatMap((encryption_context) => cryptographic.map((operation) => ({ operation, encryption_context }))),
    ...claimed.map((encryption_context) => ({ operation: "kms:Encrypt", encryption_context })),
  ];
  const traces = asked.flatMap((request) => access.trace({ caller: role, at, ...request }));
  const holding = traces.filter(({ statement, result }) => statement.effect === "Allow" && result !== "false");
  return new Set(holding.map(({ statement }) => statement.index));
}

/** Spares the role by every Deny that hits it whatever its request holds. */
export function sparedRole(policy: PolicyToCorrect): string | undefined {
  const { access, role, at } = policy;
  const traces = anthropicAwsRoleOperations.flatMap((operation) =>
    access.trace({ caller: role, operation, encryption_context: "any", at }),
  );
  const hitting = traces.filter(({ statement, result }) => statement.effect === "Deny" && result === "true");
  const denials = new Set(hitting.map(({ statement }) => statement.index));
  return editPolicy(policy.text, (node, index) => {
    const statement = access.policy.statements[index];
    if (statement === undefined || !denials.has(index)) return [node];
    const named = editPrincipals(node, (text) => (text === anthropicAwsRoleArn ? [] : [text]));
    if (named === undefined) return [];
    const others = statement.principals?.values.filter(({ text }) => text !== anthropicAwsRoleArn) ?? [];
    const stillMeant =
      statement.principals?.negated === true ||
      others.some((one) => matchPrincipal(one, role, policy.home.partition) !== no);
    if (!stillMeant) return [named];
    const spared = new Set([...conditionValues(named, "ArnNotEquals", "aws:PrincipalArn"), anthropicAwsRoleArn]);
    return [setCondition(named, "ArnNotEquals", "aws:PrincipalArn", [...spared])];
  });
}

/** Adds the statement by which the own account administers the key. */
export function withAdministration({ text, home }: PolicyToCorrect): string | undefined {
  return addStatements(text, [accountAdministers(home.partition, home.account)]);
}

/** Adds the statement by which the role may describe the key. */
export function withDescribe({ text }: PolicyToCorrect): string | undefined {
  return addStatements(text, [roleDescribes()]);
}

/** Adds the statements by which the role may encrypt and decrypt for the registered organizations or compartments. */
export function withUse(
  { text }: PolicyToCorrect,
  revision: GuidanceRevision,
  registration: Registration,
): string | undefined {
  return addStatements(text, roleUses(revision, registration));
}

type Expected = Pick<Registration, "organizations" | "compartments">;

/** Fills in what the registration and the key's own ARN say of texts that somebody was meant to replace. */
export function withoutPlaceholders(policy: PolicyToCorrect, expected: Expected): string | undefined {
  const { placeholders } = policy.access.policy;
  const isOne = (place: Partial<AwsPlaceholder>, index: number) =>
    placeholders.some(
      ({ statement, where, key, text }) =>
        statement === index && where === place.where && key === place.key && text === place.text,
    );
  return editPolicy(policy.text, (node, index) => {
    const principals = editPrincipals(node, (text) =>
      isOne({ where: "principal", key: null, text }, index) &&
      /^arn:aws:iam::(?:<[^<>]*>|\$\{[^{}]*\}):root$/.test(text)
        ? [ownRootArn(policy.home)]
        : [text],
    );
    const filled = editConditionValues(principals ?? node, (_operator, key, text) => {
      const values = isOne({ where: "condition", key, text }, index) ? valuesFor(key, expected) : [];
      return values.length === 0 ? [text] : values;
    });
    return [filled ?? node];
  });
}

function valuesFor(key: string, { organizations, compartments }: Expected): readonly string[] {
  const name = key.toLowerCase();
  if (name === organizationContextKey.toLowerCase()) return organizations;
  return name === compartmentContextKey.toLowerCase() ? compartments : [];
}

/**
 * Edits what a statement says of the role, and leaves the others whom it names theirs. A statement for everybody stays:
 * who is let in comes before what the role may do.
 */
function forRole(
  { access, role, home }: PolicyToCorrect,
  node: StatementNode,
  index: number,
  edit: (own: StatementNode) => readonly StatementNode[],
): readonly StatementNode[] {
  const principals = (access.policy.statements[index] as AwsStatement).principals;
  if (principals === null || principals.negated || principals.values.some(({ kind }) => kind === "anyone"))
    return [node];
  const meant = principals.values.filter((one) => matchPrincipal(one, role, home.partition) !== no);
  const texts = new Set(meant.map(({ text }) => text));
  const rest = editPrincipals(node, (text) => (texts.has(text) ? [] : [text]));
  if (rest === undefined) return edit(node);
  return [rest, ...edit(withoutSid(namePrincipals(node, [...texts])))];
}
