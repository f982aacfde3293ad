/** Values, stored once each under the hash of their canonical JSON. */
import { hash } from "node:crypto";
import { configure } from "safe-stable-stringify";
import type { Json } from "../model/json.ts";
import type { Db } from "./database.ts";

export interface Content {
  readonly hash: string;
  readonly value: string;
}

/** A number that JSON cannot hold throws: null would be another value. */
const canonicalJson = configure({ strict: true });

export function contentOf(value: Json | object): Content {
  const text = canonicalJson(value);
  if (text === undefined) {
    throw new TypeError("not a JSON value");
  }
  return { hash: hash("sha256", text, "hex"), value: text };
}

/** Parses what this store wrote. */
export function parseContent(text: string): Json {
  return JSON.parse(text) as Json;
}

export async function saveContents(db: Db, contents: readonly Content[]): Promise<void> {
  if (contents.length > 0) {
    await db
      .insertInto("content")
      .values([...contents])
      .onConflict((conflict) => conflict.column("hash").doNothing())
      .execute();
  }
}
