/**
 * Conditions of assignments, as far as it has to be known whether they touch an action: a condition is about the actions
 * that it names, and lets the others through. What it says of attributes nobody here can tell.
 * https://learn.microsoft.com/en-us/azure/role-based-access-control/conditions-format
 */
import { maybe, no, not, type Tri, yes } from "../three-valued.ts";
import { matchesAction } from "./role-permits.ts";

/** Whether the condition surely lets a request for the action through; `conditional` is anything else. */
export function letsThrough(condition: string | null, action: string): "yes" | "conditional" {
  if (condition === null || condition.trim() === "") return "yes";
  const tokens = tokensOf(condition);
  // A quote, a brace or a bracket that is not closed: what follows may mean anything.
  if (tokens.some((token) => /^['{}[\]&|]$/.test(token))) return "conditional";
  const parser = { tokens, at: 0, action };
  const value = either(parser);
  // What is left over was not understood.
  return value === yes && parser.at === tokens.length ? "yes" : "conditional";
}

interface Parser {
  readonly tokens: readonly string[];
  at: number;
  readonly action: string;
}

/** Words, brackets, and what stands in quotes, braces or square brackets as a whole. */
function tokensOf(text: string): readonly string[] {
  return text.match(/'(?:[^'\\]|\\.)*'|\{[^{}]*\}|\[[^[\]]*\]|&&|\|\||[!()]|[^\s!(){}[\]'&|]+|\S/g) ?? [];
}

function either(parser: Parser): Tri {
  let value = both(parser);
  while (takes(parser, "OR", "||")) {
    const other = both(parser);
    value = other > value ? other : value;
  }
  return value;
}

function both(parser: Parser): Tri {
  let value = operand(parser);
  while (takes(parser, "AND", "&&")) {
    const other = operand(parser);
    value = other < value ? other : value;
  }
  return value;
}

function operand(parser: Parser): Tri {
  if (takes(parser, "!", "NOT")) return not(operand(parser));
  if (takes(parser, "(")) {
    const value = either(parser);
    return takes(parser, ")") ? value : maybe;
  }
  if (takes(parser, "ActionMatches")) return isAbout(parser);
  return somethingElse(parser);
}

/** `ActionMatches{'Microsoft.KeyVault/vaults/secrets/*'}`; that an action is named proves nothing of a service that may not look at conditions. */
function isAbout(parser: Parser): Tri {
  const pattern = /^\{\s*'([^']*)'\s*\}$/.exec(parser.tokens[parser.at] ?? "")?.[1];
  parser.at += 1;
  return pattern === undefined || matchesAction(pattern, parser.action) ? maybe : no;
}

/** A comparison of attributes, up to where the next part begins. */
function somethingElse(parser: Parser): Tri {
  const start = parser.at;
  while (parser.at < parser.tokens.length && !isConnective(parser.tokens[parser.at] ?? "")) parser.at += 1;
  // Nothing where something belongs: step over it, so that the rest counts as not understood.
  if (parser.at === start) parser.at = parser.tokens.length + 1;
  return maybe;
}

function isConnective(token: string): boolean {
  return ["AND", "&&", "OR", "||", "(", ")"].includes(token.toUpperCase());
}

function takes(parser: Parser, ...wanted: readonly string[]): boolean {
  const token = parser.tokens[parser.at]?.toUpperCase();
  if (token === undefined || !wanted.some((one) => one.toUpperCase() === token)) return false;
  parser.at += 1;
  return true;
}
