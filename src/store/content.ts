/** Values, stored once each under the hash of their canonical JSON. */
import { hash } from "node:crypto";
import { configure } from "safe-stable-stringify";
import type { Json } from "../model/json.ts";
import { type Statements, statement } from "./statements.ts";

export interface Content {
  readonly hash: string;
  readonly value: string;
}

/** A number that JSON cannot hold throws: null would be another value. */
const canonicalJson = configure({ strict: true });

/** Equal values have equal hashes, in whatever order their fields stand. Throws a TypeError for what is no JSON value. */
export function contentOf(value: Json | object): Content {
  const text = canonicalJson(value);
  if (text === undefined) {
    throw new TypeError("not a JSON value");
  }
  return { hash: hash("sha256", text, "base64url"), value: text };
}

/** Parses what this store wrote. */
export function parseContent(text: string): Json {
  return JSON.parse(text) as Json;
}

const insertContent = statement<Content>()((db, value) =>
  db
    .insertInto("content")
    .values({ hash: value("hash"), value: value("value") })
    .onConflict((conflict) => conflict.column("hash").doNothing()),
);

export function saveContents(statements: Statements, contents: readonly Content[]): void {
  statements.each(insertContent, contents);
}
