/**
 * Small edits of a key policy that keep everything else as it is, the order too. They know what a policy is made of, not
 * what is wrong with it; whoever offers the result judges it first.
 */
import type { Json } from "../../model/json.ts";
import { jsonNode, memberOf, type ObjectNode, printJson, withMember } from "../json-document.ts";
import { type JsonNode, parseJson } from "../parse-json.ts";

type JsonObject = Readonly<Record<string, Json>>;

/** A statement of a document. */
export type StatementNode = ObjectNode;

/** What stands in a statement's place: itself, nothing, or several. `index` is its position, from 0. */
export type StatementEdit = (statement: StatementNode, index: number) => readonly StatementNode[];

/**
 * The policy with each statement edited and others added at its end, indented by two. Undefined where that changes
 * nothing, where no statement would remain, or where the text is no policy.
 */
export function editPolicy(text: string, edit: StatementEdit, added: readonly Json[] = []): string | undefined {
  const parsed = parseJson(text);
  if (!parsed.ok || parsed.value.kind !== "object") return undefined;
  const list = memberOf(parsed.value, "Statement");
  if (list === undefined) return undefined;
  const before = (list.kind === "array" ? list.items : [list]).filter((node) => node.kind === "object");
  const after = [...before.flatMap((node, index) => edit(node, index)), ...added.map(jsonNode)];
  const same = after.length === before.length && after.every((node, index) => node === before[index]);
  if (same || after.length === 0) return undefined;
  return printJson(withMember(parsed.value, "Statement", { kind: "array", at: list.at, items: after }));
}

/** The policy with statements at its end, each without its `Sid` where another one has that already. */
export function addStatements(text: string, added: readonly JsonObject[]): string | undefined {
  const taken = new Set<string>();
  editPolicy(text, (statement) => {
    const sid = memberOf(statement, "Sid");
    if (sid?.kind === "string") taken.add(sid.value);
    return [statement];
  });
  const distinct = added.map(({ Sid, ...rest }) =>
    typeof Sid !== "string" || taken.has(Sid) ? rest : { Sid, ...rest },
  );
  return editPolicy(text, (statement) => [statement], distinct);
}

/** Who stands in a principal's place: itself, nobody, or others, as entries under `AWS` where they are new. */
export type PrincipalEdit = (principal: string) => readonly string[];

/** The statement with its principals (`Principal`, not `NotPrincipal`) edited; undefined where it names nobody any more. */
export function editPrincipals(statement: StatementNode, edit: PrincipalEdit): StatementNode | undefined {
  const principals = memberOf(statement, "Principal");
  if (principals === undefined) return statement;
  if (principals.kind === "string") {
    const kept = edit(principals.value);
    if (kept.length === 1 && kept[0] === principals.value) return statement;
    return kept.length === 0 ? undefined : withMember(statement, "Principal", jsonNode({ AWS: entriesNode(kept) }));
  }
  if (principals.kind !== "object") return statement;
  const members = principals.members.map((member) => ({ ...member, value: editEntries(member.value, edit) }));
  if (members.every(({ value }, index) => value === principals.members[index]?.value)) return statement;
  const kept = members.flatMap(({ value, ...member }) => (value === undefined ? [] : [{ ...member, value }]));
  return kept.length === 0 ? undefined : withMember(statement, "Principal", { ...principals, members: kept });
}

/** The statement for these principals (ARNs or account numbers) and nobody else, `NotPrincipal` included. */
export function namePrincipals(statement: StatementNode, principals: readonly string[]): StatementNode {
  const value = jsonNode({ AWS: entriesNode(principals) });
  return inPlaceOf(statement, "Principal", "NotPrincipal", value);
}

/** The statement with these actions in place of its own, `NotAction` included. */
export function nameActions(statement: StatementNode, actions: readonly string[]): StatementNode {
  return inPlaceOf(statement, "Action", "NotAction", jsonNode(entriesNode(actions)));
}

/** The statement without its `Sid`: a copy beside the original must not have the same. */
export function withoutSid(statement: StatementNode): StatementNode {
  return withMember(statement, "Sid", undefined);
}

/** The statement with this condition, in place of whatever it says of that key under the same operator. */
export function setCondition(
  statement: StatementNode,
  operator: string,
  key: string,
  values: readonly string[],
): StatementNode {
  const condition = conditionOf(statement);
  const before = memberOf(condition, operator);
  const others = before?.kind === "object" ? before.members.filter((member) => !sameKey(member.key, key)) : [];
  const member = { key, at: 0, value: jsonNode(entriesNode(values)) };
  const node: JsonNode = { kind: "object", at: 0, members: [...others, member] };
  return withMember(statement, "Condition", withMember(condition, operator, node));
}

/** The values of a key under an operator, in whatever case either is written. */
export function conditionValues(statement: StatementNode, operator: string, key: string): readonly string[] {
  const found = conditionOf(statement).members.find((member) => sameKey(member.key, operator));
  const values = found?.value.kind === "object" ? found.value.members : [];
  return values.filter((member) => sameKey(member.key, key)).flatMap(({ value }) => textsOf(value));
}

/** What stands in the place of one value of a condition. */
export type ValueEdit = (operator: string, key: string, value: string) => readonly string[];

/** The statement with the values of its conditions edited; undefined where a condition has none any more. */
export function editConditionValues(statement: StatementNode, edit: ValueEdit): StatementNode | undefined {
  const condition = conditionOf(statement);
  let [changed, emptied] = [false, false];
  const operators = condition.members.map((operator) => {
    if (operator.value.kind !== "object") return operator;
    const members = operator.value.members.map((member) => {
      const value = editEntries(member.value, (text) => edit(operator.key, member.key, text));
      if (value === undefined) emptied = true;
      else if (value !== member.value) changed = true;
      return { ...member, value: value ?? member.value };
    });
    return { ...operator, value: { ...operator.value, members } };
  });
  if (emptied) return undefined;
  return changed ? withMember(statement, "Condition", { ...condition, members: operators }) : statement;
}

/** The statement without any condition on these keys (in lower case), whatever the operator. */
export function withoutConditionKeys(statement: StatementNode, keys: readonly string[]): StatementNode {
  const condition = conditionOf(statement);
  const members = condition.members.flatMap((operator) => {
    if (operator.value.kind !== "object") return [operator];
    const kept = operator.value.members.filter((member) => !keys.includes(member.key.toLowerCase()));
    if (kept.length === operator.value.members.length) return [operator];
    return kept.length === 0 ? [] : [{ ...operator, value: { ...operator.value, members: kept } }];
  });
  if (
    members.every((member, index) => member === condition.members[index]) &&
    members.length === condition.members.length
  )
    return statement;
  return withMember(statement, "Condition", members.length === 0 ? undefined : { ...condition, members });
}

function conditionOf(statement: StatementNode): ObjectNode {
  const condition = memberOf(statement, "Condition");
  return condition?.kind === "object" ? condition : { kind: "object", at: 0, members: [] };
}

/** AWS compares the names of condition keys without regard to case. */
function sameKey(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** A text or a list of texts with each edited, no text twice; itself where nothing changes, undefined where none is left. */
function editEntries(node: JsonNode, edit: (text: string) => readonly string[]): JsonNode | undefined {
  const items = node.kind === "array" ? node.items : [node];
  const edited = items.flatMap((item) => {
    if (item.kind !== "string") return [item];
    const texts = edit(item.value);
    return texts.length === 1 && texts[0] === item.value ? [item] : texts.map(jsonNode);
  });
  if (edited.length === items.length && edited.every((item, index) => item === items[index])) return node;
  const distinct = edited.filter((item, index) => index === edited.findIndex((other) => sameText(item, other)));
  const [first] = distinct;
  if (first === undefined) return undefined;
  return node.kind === "array"
    ? { ...node, items: distinct }
    : distinct.length === 1
      ? first
      : { kind: "array", at: node.at, items: distinct };
}

function sameText(a: JsonNode, b: JsonNode): boolean {
  return a === b || (a.kind === "string" && b.kind === "string" && a.value === b.value);
}

function textsOf(node: JsonNode): readonly string[] {
  return (node.kind === "array" ? node.items : [node]).flatMap((item) => (item.kind === "string" ? [item.value] : []));
}

/** One text stands alone, as people write it. */
function entriesNode(texts: readonly string[]): Json {
  const [first] = texts;
  return texts.length === 1 && first !== undefined ? first : texts;
}

function inPlaceOf(statement: StatementNode, name: string, negated: string, value: JsonNode): StatementNode {
  if (memberOf(statement, negated) === undefined) return withMember(statement, name, value);
  const members = statement.members.map((member) => (member.key === negated ? { key: name, at: 0, value } : member));
  return { ...statement, members };
}
