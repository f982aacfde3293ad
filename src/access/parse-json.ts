/**
 * JSON with positions. `JSON.parse` keeps the last of two equal keys and says nothing: in a policy the lost one may be
 * the condition that matters, so here it is an error. It knows nothing of policies.
 */

export interface JsonPosition {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface JsonError extends JsonPosition {
  readonly message: string;
}

/** `at` is the offset into the text: see `positionOf`. */
export type JsonNode =
  | { readonly kind: "object"; readonly at: number; readonly members: readonly JsonMember[] }
  | { readonly kind: "array"; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly at: number; readonly value: string }
  /** Numbers stay as written: a policy compares their text. */
  | { readonly kind: "number"; readonly at: number; readonly value: string }
  | { readonly kind: "boolean"; readonly at: number; readonly value: boolean }
  | { readonly kind: "null"; readonly at: number };

export interface JsonMember {
  readonly key: string;
  readonly at: number;
  readonly value: JsonNode;
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: JsonError };

/** Deep enough for every policy (the grammar needs six levels), shallow enough for every stack. */
const maximumDepth = 100;

/** Thrown inside the parsers of documents and turned into a value at their entrance. */
export class ParseFailure extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Parses one JSON document (RFC 8259) and refuses equal keys in one object. */
export function parseJson(text: string): Parsed<JsonNode> {
  return parsing(text, () => {
    const reader: Reader = { text, at: 0 };
    const node = readValue(reader, 0);
    skipSpace(reader);
    if (reader.at < text.length) throw new ParseFailure("text after the end of the document", reader.at);
    return node;
  });
}

/** Runs a parser over `text` and gives its failure as a value; anything else it throws is a bug and passes through. */
export function parsing<T>(text: string, parse: () => T): Parsed<T> {
  try {
    return { ok: true, value: parse() };
  } catch (failure) {
    if (!(failure instanceof ParseFailure)) throw failure;
    return { ok: false, error: { message: failure.message, ...positionOf(text, failure.at) } };
  }
}

/** Line and column of an offset, both from 1. */
export function positionOf(text: string, at: number): JsonPosition {
  const before = text.slice(0, at);
  return { line: before.split("\n").length, column: at - before.lastIndexOf("\n") };
}

interface Reader {
  readonly text: string;
  at: number;
}

function readValue(reader: Reader, depth: number): JsonNode {
  if (depth > maximumDepth) throw new ParseFailure(`more than ${maximumDepth} levels`, reader.at);
  skipSpace(reader);
  const at = reader.at;
  const next = reader.text[at];
  if (next === "{") return { kind: "object", at, members: readMembers(reader, depth) };
  if (next === "[") return { kind: "array", at, items: readItems(reader, depth) };
  if (next === '"') return { kind: "string", at, value: readString(reader) };
  const word = takePattern(reader, /true|false|null/y);
  if (word === "null") return { kind: "null", at };
  if (word !== undefined) return { kind: "boolean", at, value: word === "true" };
  const number = takePattern(reader, /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  if (number !== undefined) return { kind: "number", at, value: number };
  throw new ParseFailure(next === undefined ? "the document ends too early" : `unexpected ${JSON.stringify(next)}`, at);
}

function readMembers(reader: Reader, depth: number): JsonMember[] {
  const members: JsonMember[] = [];
  const seen = new Set<string>();
  readList(reader, "}", () => {
    const at = reader.at;
    if (reader.text[at] !== '"') throw new ParseFailure("a key in double quotes is missing", at);
    const key = readString(reader);
    if (seen.has(key)) throw new ParseFailure(`the key ${JSON.stringify(key)} stands twice in one object`, at);
    seen.add(key);
    skipSpace(reader);
    if (reader.text[reader.at] !== ":") throw new ParseFailure('":" is missing', reader.at);
    reader.at += 1;
    members.push({ key, at, value: readValue(reader, depth + 1) });
  });
  return members;
}

function readItems(reader: Reader, depth: number): JsonNode[] {
  const items: JsonNode[] = [];
  readList(reader, "]", () => items.push(readValue(reader, depth + 1)));
  return items;
}

function readList(reader: Reader, end: "}" | "]", readOne: () => void): void {
  reader.at += 1;
  skipSpace(reader);
  if (reader.text[reader.at] === end) {
    reader.at += 1;
    return;
  }
  for (;;) {
    skipSpace(reader);
    readOne();
    skipSpace(reader);
    const next = reader.text[reader.at];
    if (next !== "," && next !== end) throw new ParseFailure(`"," or "${end}" is missing`, reader.at);
    reader.at += 1;
    if (next === end) return;
  }
}

function readString(reader: Reader): string {
  const at = reader.at;
  const quoted = takePattern(reader, /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
  if (quoted === undefined) throw new ParseFailure("a string that does not end or holds a bad character", at);
  // Half of a surrogate pair is no character: what quotes it, many refuse to read (RFC 8259, section 8.2).
  return (JSON.parse(quoted) as string).toWellFormed();
}

function takePattern(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  if (found !== undefined) reader.at += found.length;
  return found;
}

function skipSpace(reader: Reader): void {
  takePattern(reader, /[ \t\r\n]*/y);
}
