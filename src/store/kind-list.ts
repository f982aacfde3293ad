/**
 * The kinds of outcomes that there are, in columns too: a list asks a thousand of them whether they are asked for, and
 * going to each of them would cost more than the list.
 */
import type { FindingFilters } from "../model/finding-query.ts";
import { withValue } from "./number-column.ts";
import type { FindingTable } from "./tables.ts";

/** All that lists filter by but the name of the key and the time. */
export type OutcomeKind = Pick<FindingTable, "provider" | "check_id" | "severity" | "outcome" | "status" | "guidance">;

type Property = keyof OutcomeKind;

export class KindList {
  readonly #properties: Readonly<Record<Property | "isInNeed", Coded>> = {
    provider: new Coded(),
    check_id: new Coded(),
    severity: new Coded(),
    outcome: new Coded(),
    status: new Coded(),
    guidance: new Coded(),
    isInNeed: new Coded(),
  };
  readonly #numbers = new Map<string, number>();

  /** From 0 on, in the order in which they come. */
  numberOf({ provider, check_id, severity, outcome, status, guidance }: OutcomeKind): number {
    const name = `${provider} ${check_id} ${severity} ${outcome} ${status} ${guidance}`;
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(name, number);
    const kind = { provider, check_id, severity, outcome, status, guidance };
    const all = { ...kind, isInNeed: String(isInNeed(kind)) };
    for (const [property, coded] of Object.entries(this.#properties)) {
      coded.add(number, all[property as keyof typeof all]);
    }
    return number;
  }

  /** Of which there are outcomes, sorted. */
  checks(): readonly string[] {
    return this.#properties.check_id.texts().toSorted();
  }

  /** Of these numbers of kinds those whose outcomes are asked for, in the same order. */
  asked(numbers: readonly number[], { changed_since, key: _, ...lists }: FindingFilters): readonly number[] {
    const wanted = Object.entries(lists).flatMap(([name, values]) =>
      values.length === 0 ? [] : [this.#properties[propertyOf[name as keyof typeof lists]].oneOf(values)],
    );
    if (wanted.length === 0 && changed_since === undefined) wanted.push(this.#properties.isInNeed.oneOf(["true"]));
    return numbers.filter((number) => wanted.every((isWanted) => isWanted(number)));
  }

  /** By the number of a kind what a property of it is mapped to. */
  mapped(property: Property, map: (value: string) => number): (number: number) => number {
    return this.#properties[property].mapped(map);
  }
}

const propertyOf = {
  provider: "provider",
  check: "check_id",
  severity: "severity",
  outcome: "outcome",
  status: "status",
  guidance: "guidance",
} as const satisfies Record<keyof Omit<FindingFilters, "key" | "changed_since">, Property>;

/** What is listed where nobody filters. */
function isInNeed({ status, outcome }: OutcomeKind): boolean {
  if (status === "open" || status === "accepted") return true;
  return status !== "retired" && (outcome === "unknown" || outcome === "error");
}

/** Texts of which there are few, each as a number. */
class Coded {
  #codes = new Int32Array(0);
  readonly #codeOf = new Map<string, number>();

  add(place: number, text: string): void {
    const code = this.#codeOf.get(text) ?? this.#codeOf.size;
    this.#codeOf.set(text, code);
    this.#codes = withValue(this.#codes, place, code);
  }

  texts(): readonly string[] {
    return [...this.#codeOf.keys()];
  }

  oneOf(texts: readonly string[]): (place: number) => boolean {
    const isOne = this.mapped((text) => Number(texts.includes(text)));
    return (place) => isOne(place) === 1;
  }

  mapped(map: (text: string) => number): (place: number) => number {
    const codes = this.#codes;
    const values = Float64Array.from(this.#codeOf.keys(), map);
    return (place) => values[codes[place] as number] as number;
  }
}
