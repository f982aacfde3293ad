import type { Statements } from "../../../src/store/statements.ts";

/** The same statements, and how many rows they have told by now: all, or those that have a column of this name. */
export function countedRows(statements: Statements, column?: string): { statements: Statements; rows(): number } {
  const counts = (row: unknown) =>
    column === undefined || (typeof row === "object" && row !== null && Object.hasOwn(row, column));
  let rows = 0;
  const all: Statements["all"] = (statement, values) => {
    const answer = statements.all(statement, values);
    rows += answer.filter(counts).length;
    return answer;
  };
  return { statements: { ...statements, all }, rows: () => rows };
}
