/**
 * Which value of some facts each subject was told last: followed as values come, because asking of every key how many
 * it has had costs more than all else that is asked about keys.
 */
import { sql } from "kysely";
import { type Statements, statement } from "./statements.ts";

/**
 * Values are never taken away and never renumbered, so the next one has the next row number: one more than the largest.
 * https://www.sqlite.org/autoinc.html
 */
const rowNumber = sql<number>`fact.rowid`;

const valuesAfter = statement<{ readonly after: number; readonly limit: number }>()((db, value) =>
  db
    .selectFrom("fact")
    .select([rowNumber.as("row"), "subject_id", "name"])
    .where(rowNumber, ">", value("after"))
    .orderBy(rowNumber)
    .limit(value("limit")),
);

export class NewestFacts {
  readonly #names: ReadonlySet<string>;
  readonly #newest = new Map<string, number>();
  #last = 0;

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
  }

  /** Reads on, at most so many values; whether that were all that there are in this state of the database. */
  readOn(statements: Statements, limit: number): boolean {
    const rows = statements.all(valuesAfter, { after: this.#last, limit });
    for (const { row, subject_id, name } of rows) {
      this.#last = row;
      if (this.#names.has(name)) this.#newest.set(subject_id, row);
    }
    return rows.length < limit;
  }

  /** Another number whenever any of the facts has another value; 0 before the first. */
  of(subject_id: string): number {
    return this.#newest.get(subject_id) ?? 0;
  }
}
