/**
 * Whether a filter of Cloud Logging takes data access records of Cloud KMS: as far as log, resource and the payload's
 * service tell. What else a filter asks is not known of them, so that it is neither true nor false.
 * https://cloud.google.com/logging/docs/view/logging-query-language
 */
import { anthropicGcpAccount } from "../../guidance/identifiers.ts";
import { maybe, no, not, type Tri, triOf, yes } from "../three-valued.ts";

/** What is known of such a record; the project's part of a log's name does not matter. */
const record: Readonly<Record<string, string>> = {
  "log id": "cloudaudit.googleapis.com/data_access",
  "protopayload.servicename": "cloudkms.googleapis.com",
  "protopayload.@type": "type.googleapis.com/google.cloud.audit.AuditLog",
  "protopayload.authenticationinfo.principalemail": anthropicGcpAccount,
};

/** What Anthropic asks of the key's material, as the records name it: https://cloud.google.com/kms/docs/audit-logging */
export const recordedMethods = ["Encrypt", "Decrypt"] as const;

/** Kinds of resources that records of Cloud KMS are of: https://cloud.google.com/kms/docs/audit-logging */
const resourceTypes = ["cloudkms_cryptokey", "cloudkms_keyring", "cloudkms_cryptokeyversion", "cloudkms_importjob"];

/** The longest filter that is looked at: Cloud Logging takes none that is longer. */
const longest = 20_000;

/**
 * Of records of what the published account does. `projects`: id and number of the project whose records they are;
 * `method`: what was asked, where that is to tell.
 */
export function takesKmsDataAccess(
  filter: string,
  projects: readonly string[],
  method?: (typeof recordedMethods)[number],
): Tri {
  if (filter.length > longest) return maybe;
  const tokens = tokensOf(filter);
  if (tokens === undefined) return maybe;
  if (tokens.length === 0) return yes;
  const known = method === undefined ? record : { ...record, "protopayload.methodname": method };
  const parser = new FilterParser(tokens, projects, known);
  const answer = parser.conjunction();
  return answer === undefined || !parser.atEnd() ? maybe : answer;
}

const tokenForm = /\s+|--[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()]|!=|<=|>=|=~|!~|[=:<>,]|[^\s()=:<>!,"']+|[!]/gy;

/** Undefined where the text cannot be cut into words. */
function tokensOf(text: string): readonly string[] | undefined {
  const tokens: string[] = [];
  let end = 0;
  for (const [token] of text.matchAll(tokenForm)) {
    end += token.length;
    if (/^(?:\s|--)/.test(token)) continue;
    // A minus before a term is a NOT.
    if (/^-./.test(token)) tokens.push("-", token.slice(1));
    else tokens.push(token);
  }
  return end === text.length ? tokens : undefined;
}

const operators = new Set(["=", "!=", ":", "=~", "!~", "<", ">", "<=", ">="]);

/** NOT binds more than OR, and OR more than AND, as Cloud Logging has it; two terms beside each other are an AND. */
class FilterParser {
  readonly #tokens: readonly string[];
  readonly #projects: readonly string[];
  readonly #record: Readonly<Record<string, string>>;
  #at = 0;

  constructor(tokens: readonly string[], projects: readonly string[], known: Readonly<Record<string, string>>) {
    this.#tokens = tokens;
    this.#projects = projects;
    this.#record = known;
  }

  atEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  /** Undefined where the filter is none. */
  conjunction(): Tri | undefined {
    let answer = this.#alternatives();
    while (answer !== undefined && !this.atEnd() && this.#peek() !== ")") {
      this.#take("AND");
      const next = this.#alternatives();
      answer = next === undefined ? undefined : (Math.min(answer, next) as Tri);
    }
    return answer;
  }

  #alternatives(): Tri | undefined {
    let answer = this.#term();
    while (answer !== undefined && this.#take("OR")) {
      const next = this.#term();
      answer = next === undefined ? undefined : (Math.max(answer, next) as Tri);
    }
    return answer;
  }

  #term(): Tri | undefined {
    if (this.#take("NOT")) return this.#negated(this.#term());
    if (this.#take("-")) return this.#negated(this.#term());
    if (this.#take("(")) {
      const answer = this.conjunction();
      return this.#take(")") ? answer : undefined;
    }
    return this.#comparison();
  }

  #negated(answer: Tri | undefined): Tri | undefined {
    return answer === undefined ? undefined : not(answer);
  }

  #comparison(): Tri | undefined {
    const name = this.#next();
    if (name === undefined || name === ")" || operators.has(name)) return undefined;
    if (this.#peek() === "(") return this.#call(name);
    const operator = this.#peek();
    // A text alone is searched for everywhere.
    if (operator === undefined || !operators.has(operator)) return maybe;
    this.#at += 1;
    if (this.#take("(")) return this.#anyOf(name, operator);
    const value = this.#next();
    if (value === undefined) return undefined;
    if (operator === ":" && value === "*") return this.#isThere(name.toLowerCase());
    return this.#compare(name, operator, unquoted(value));
  }

  #call(name: string): Tri | undefined {
    this.#at += 1;
    const args: string[] = [];
    for (let token = this.#next(); token !== ")"; token = this.#next()) {
      if (token === undefined) return undefined;
      if (token !== ",") args.push(unquoted(token));
    }
    return name.toLowerCase() === "log_id" && args.length === 1 ? this.#compare("log id", "=", args[0] ?? "") : maybe;
  }

  /** `field = ("a" OR "b")` */
  #anyOf(name: string, operator: string): Tri | undefined {
    let answer: Tri = no;
    for (;;) {
      const value = this.#next();
      if (value === undefined || value === ")") return undefined;
      answer = Math.max(answer, this.#compare(name, operator, unquoted(value))) as Tri;
      if (this.#take(")")) return answer;
      if (!this.#take("OR")) return maybe;
    }
  }

  #compare(name: string, operator: string, value: string): Tri {
    if (operator !== "=" && operator !== ":" && operator !== "!=") return maybe;
    const matched = this.#matches(name.toLowerCase(), value, operator === ":");
    return operator === "!=" ? not(matched) : matched;
  }

  /** `field:*` asks whether a field is there, and not what it says. */
  #isThere(field: string): Tri {
    return field === "resource.type" || field === "logname" || Object.hasOwn(this.#record, field) ? yes : maybe;
  }

  #matches(field: string, value: string, has: boolean): Tri {
    if (field === "resource.type") return typeMatches(value, has);
    if (field === "logname") {
      const names = this.#projects.map((project) => `projects/${project}/logs/${record["log id"]}`);
      return triOf(names.some((name) => isMatch(name, value.replaceAll(/%2f/gi, "/"), has)));
    }
    const known = Object.hasOwn(this.#record, field) ? this.#record[field] : undefined;
    return known === undefined ? maybe : triOf(isMatch(known, value, has));
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string | undefined {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at += 1;
    return true;
  }
}

function unquoted(token: string): string {
  const quoted = /^(["'])(.*)\1$/s.exec(token)?.[2];
  return quoted === undefined ? token : quoted.replaceAll(/\\(.)/g, "$1");
}

/** A record is of one of several kinds. */
function typeMatches(value: string, has: boolean): Tri {
  const matching = resourceTypes.filter((type) => isMatch(type, value, has));
  if (matching.length === resourceTypes.length) return yes;
  return matching.length === 0 ? no : maybe;
}

/** `:` looks for a part, and neither has regard to case. */
function isMatch(known: string, value: string, has: boolean): boolean {
  const [one, other] = [known.toLowerCase(), value.toLowerCase()];
  return has ? one.includes(other) : one === other;
}
