/**
 * Reads what `az` prints, member by member: what is not there makes only the fact that needs it unreadable. `az` prints
 * null for what Azure left out, so that a member which is missing was cut off by somebody.
 */
import { type Fact, type FactsByName, known, mapFact, unreadable } from "../../model/fact.ts";
import { parseDate } from "../dates.ts";
import { memberOf } from "../json-document.ts";
import type { JsonNode } from "../parse-json.ts";

/** `where` names the node, for the detail of what cannot be read. */
export type AzReading<T> = (node: JsonNode, where: string) => Fact<T>;

export const text: AzReading<string> = (node, where) =>
  node.kind === "string" ? known(node.value) : otherwise(where, "a text");

export const flag: AzReading<boolean> = (node, where) =>
  node.kind === "boolean" ? known(node.value) : otherwise(where, "true or false");

/** From a date to epoch milliseconds. */
export const date: AzReading<number> = (node, where) => {
  const at = node.kind === "string" ? parseDate(node.value) : undefined;
  return at === undefined ? otherwise(where, "a date") : known(at);
};

/** A member, or one of a member's, as `properties.tenantId`. */
export function member<T>(path: string, reading: AzReading<T>): AzReading<T> {
  return (node, where) => {
    let found = node;
    let name = where;
    for (const key of path.split(".")) {
      name = name === "" ? key : `${name}.${key}`;
      const next = memberOf(found, key);
      if (next === undefined) return unreadable("not-reported", `${name} is not in the document`);
      found = next;
    }
    return reading(found, name);
  };
}

/** `instead` of null. */
export function orElse<T, U>(reading: AzReading<T>, instead: U): AzReading<T | U> {
  return (node, where) => (node.kind === "null" ? known(instead) : reading(node, where));
}

export function nullable<T>(reading: AzReading<T>): AzReading<T | null> {
  return orElse(reading, null);
}

/** A list, each item by the same reading; unreadable as a whole where one of them is. */
export function each<T>(reading: AzReading<T>): AzReading<readonly T[]> {
  return (node, where) => {
    if (node.kind !== "array") return otherwise(where, "a list");
    return allOf(node.items.map((item, index) => reading(item, `${where}[${index}]`)));
  };
}

/** An object of texts, whatever their names. */
export function textsByName(node: JsonNode, where: string): Fact<Readonly<Record<string, string>>> {
  if (node.kind !== "object") return otherwise(where, "an object");
  const values = node.members.map(({ key, value }) =>
    mapFact(text(value, `${where}.${key}`), (found) => known([key, found] as const)),
  );
  return mapFact(allOf(values), (entries) => known(Object.fromEntries(entries)));
}

/** An object of our own, each member by its own reading of the same node. */
export function record<T extends object>(readings: { readonly [K in keyof T]: AzReading<T[K]> }): AzReading<T> {
  return (node, where) => {
    const entries = Object.entries<AzReading<unknown>>(readings).map(([name, reading]) =>
      mapFact(reading(node, where), (value) => known([name, value] as const)),
    );
    return mapFact(allOf(entries), (all) => known(Object.fromEntries(all) as T));
  };
}

/** Facts by name, each of the whole document, readable or not. */
export function readAll(readings: Readonly<Record<string, AzReading<unknown>>>, document: JsonNode): FactsByName {
  return Object.fromEntries(Object.entries(readings).map(([name, reading]) => [name, reading(document, "")]));
}

/** The first that cannot be read stands for all. */
function allOf<T>(facts: readonly Fact<T>[]): Fact<readonly T[]> {
  const values: T[] = [];
  for (const fact of facts) {
    if (fact.state === "unreadable") return fact;
    values.push(fact.value);
  }
  return known(values);
}

function otherwise(where: string, wanted: string): Fact<never> {
  return unreadable("malformed", `${where} is not ${wanted}`);
}
