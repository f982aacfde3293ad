/** Finds texts that somebody was meant to replace, and values that can never be what their condition key holds. */
import type { AwsCondition, AwsPlaceholder, AwsStatement } from "../../model/aws-access.ts";
import { valueParts } from "./policy-value.ts";

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Ids of Anthropic's Admin API: key policies hold UUIDs instead. */
const taggedIdPattern = /^(?:wrkspc|org|ekey)_/;
const anthropicKeyPattern = /^kms:encryptioncontext:anthropic:/i;

type Place = Pick<AwsPlaceholder, "where" | "key" | "text">;

/** `version` is the policy's: where it has variables, these are no placeholders. */
export function findPlaceholders(
  statements: readonly AwsStatement[],
  version: string | null,
): readonly AwsPlaceholder[] {
  return statements.flatMap((statement) => {
    const found: AwsPlaceholder[] = [];
    const note = (place: Place, kind: AwsPlaceholder["kind"] | undefined) => {
      if (kind !== undefined) found.push({ statement: statement.index, ...place, kind });
    };
    for (const { text } of statement.principals?.values ?? []) {
      note({ where: "principal", key: null, text }, templateKind(text, null));
    }
    for (const text of statement.actions?.values ?? []) {
      note({ where: "action", key: null, text }, templateKind(text, null));
    }
    for (const text of statement.resources?.values ?? []) {
      note({ where: "resource", key: null, text }, templateKind(text, version));
    }
    for (const condition of statement.conditions) {
      const { key } = condition;
      note({ where: "condition", key, text: key }, templateKind(key, null));
      for (const text of condition.values) {
        note({ where: "condition", key, text }, templateKind(text, version) ?? idKind(text, condition, version));
      }
    }
    return found;
  });
}

/** `version` is null where the place knows no variables. */
function templateKind(text: string, version: string | null): AwsPlaceholder["kind"] | undefined {
  if (/<[^<>]*>/.test(text)) return "angle-brackets";
  const stray = valueParts(text, version).some((part) => part.kind === "text" && part.text.includes("${"));
  return stray ? "not-a-variable" : undefined;
}

function idKind(text: string, condition: AwsCondition, version: string | null): AwsPlaceholder["kind"] | undefined {
  const { key, base } = condition;
  if (base === "Null" || base === "Bool" || !anthropicKeyPattern.test(key)) return undefined;
  if (text === "") return "empty";
  if (taggedIdPattern.test(text)) return "tagged-id";
  // A wildcard or a variable is no UUID, but nobody forgot to replace it: other checks judge how wide it is.
  const wildcards = base === "StringLike" || base === "StringNotLike";
  const open = (wildcards && /[*?]/.test(text)) || valueParts(text, version).some((part) => part.kind !== "text");
  return open || uuidPattern.test(text) ? undefined : "not-a-uuid";
}
