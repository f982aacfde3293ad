/**
 * Columns of findings that follow the database: all of it is read once, and then what has changed. Some rows at a time, so
 * that others have their turn in between; what is written meanwhile is read as what has changed.
 */
import { sql } from "kysely";
import { FindingColumns } from "./finding-columns.ts";
import { lastChange } from "./last-change.ts";
import { type Statements, statement } from "./statements.ts";

const kind = ["provider", "check_id", "severity", "outcome", "status", "guidance"] as const;

interface Rows {
  readonly limit: number;
}

const findingsAfter = statement<Rows & { readonly seq: number }>()((db, value) =>
  db
    .selectFrom("finding")
    .select([...kind, "seq", "id", "subject_id", "key_name", "number", "changed_at"])
    .where("seq", ">", value("seq"))
    .orderBy("seq")
    .limit(value("limit")),
);

/** None is ever taken away, so that each has a larger number than the last: https://www.sqlite.org/autoinc.html */
const row = sql<number>`past_outcome.rowid`;
const pastAfter = statement<Rows & { readonly row: number }>()((db, value) =>
  db
    .selectFrom("past_outcome")
    .select([...kind, "finding_seq as seq", "number", "valid_from as from", "valid_to as until", row.as("row")])
    .where(row, ">", value("row"))
    .orderBy(row)
    .limit(value("limit")),
);

const subjectsChangedAfter = statement<{ readonly change_seq: number }>()((db, value) =>
  db.selectFrom("subject").select("id").where("change_seq", ">", value("change_seq")),
);

const findingNumbered = statement<{ readonly seq: number }>()((db, value) =>
  db
    .selectFrom("finding")
    .select([...kind, "seq", "number", "changed_at"])
    .where("seq", "=", value("seq")),
);

const nameOf = statement<{ readonly subject_id: string }>()((db, value) =>
  db.selectFrom("finding").select(["subject_id", "key_name"]).where("subject_id", "=", value("subject_id")).limit(1),
);

export class FollowedFindings {
  readonly columns = new FindingColumns();
  #pastRow = 0;
  /** Findings whose latest outcome is over: there is another one by now. */
  readonly #concluded: number[] = [];
  /** Of the changes up to this one all names are in the columns, or are those of subjects that are still to be looked at. */
  #noted: number | undefined;
  readonly #changed: string[] = [];
  /** The change up to which all is in the columns. */
  #followed: number | undefined;

  /**
   * Reads on, about so many rows; whether lists are then as the open transaction sees the database. The first wait until
   * all is sorted, later ones do with what is not yet.
   */
  readOn(statements: Statements, limit: number): boolean {
    const { change_seq } = lastChange(statements);
    if (change_seq !== this.#followed && !this.#readUpTo(change_seq, statements, limit)) return false;
    if (this.columns.sortSome(limit) && this.#followed === undefined) return false;
    this.#followed = change_seq;
    return true;
  }

  #readUpTo(change_seq: number, statements: Statements, limit: number): boolean {
    this.#noted ??= change_seq;
    if (this.#addFindings(statements, limit) === limit) return false;
    if (this.#addPast(statements, limit) === limit) return false;
    if (change_seq !== this.#noted) {
      const changed = statements.all(subjectsChangedAfter, { change_seq: this.#noted });
      for (const { id } of changed) this.#changed.push(id);
      this.#noted = change_seq;
    }
    const read = readSome(this.#concluded, limit, (seq) => this.#conclude(statements, seq));
    readSome(this.#changed, limit - read, (id) => this.#name(statements, id));
    return this.#concluded.length + this.#changed.length === 0;
  }

  /** What a finding says by now is its latest outcome, whatever it said before. */
  #addFindings(statements: Statements, limit: number): number {
    const findings = statements.all(findingsAfter, { seq: this.columns.last, limit });
    for (const finding of findings) this.columns.add(finding);
    return findings.length;
  }

  #addPast(statements: Statements, limit: number): number {
    const outcomes = statements.all(pastAfter, { row: this.#pastRow, limit });
    for (const outcome of outcomes) {
      if (this.columns.addPast(outcome)) this.#concluded.push(outcome.seq);
      this.#pastRow = outcome.row;
    }
    return outcomes.length;
  }

  #conclude(statements: Statements, seq: number): void {
    const [finding] = statements.all(findingNumbered, { seq });
    if (finding === undefined) throw new TypeError(`the database has lost finding ${seq}`);
    // It was read before where something was refused after that.
    if (this.columns.latestOf(seq) !== finding.number) this.columns.conclude(finding);
  }

  /** Nothing is known by the name of a subject without findings. */
  #name(statements: Statements, subject_id: string): void {
    for (const finding of statements.all(nameOf, { subject_id })) this.columns.name(finding);
  }
}

/** Takes the first of them away once they were read: what the database refuses has to be read again. Returns how many. */
function readSome<T>(waiting: T[], limit: number, read: (one: T) => void): number {
  const some = waiting.slice(0, limit);
  for (const one of some) read(one);
  waiting.splice(0, some.length);
  return some.length;
}
