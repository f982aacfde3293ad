/** One row of the list. */
export interface ErrorCodeEntry {
  /** A few words that are the same each time; what is particular stands in the detail. */
  readonly title: string;
  /** HTTP status; null where no request can meet it. */
  readonly status: number | null;
  /** Exit code of the process; null where no command can meet it. */
  readonly exit: 2 | 3 | 70 | null;
  readonly meaning: string;
  /** What to do; begins with a verb. */
  readonly remedy: string;
}
