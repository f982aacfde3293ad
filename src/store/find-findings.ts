/** Pages of findings: which ones they have is told by columns in memory, and what these say is read from the database. */
import type { Finding } from "../model/finding.ts";
import type { FindingCursor, FindingPage, FindingQuery, FindingSort } from "../model/finding-query.ts";
import { severities } from "../model/outcome.ts";
import { findNamed } from "./find-named-findings.ts";
import type { FindingColumns } from "./finding-columns.ts";
import { type Place, type Reading, readFindings } from "./finding-rows.ts";
import { lastChange } from "./last-change.ts";
import { type Statements, statement } from "./statements.ts";

const worstFirst = { by: "severity", direction: "asc" } as const;

/** A question by names of keys: these have few findings, which are found without the columns. */
export async function findFindingsOfKeys(reading: Reading, query: FindingQuery): Promise<FindingPage> {
  return pageOf(reading, query, await findNamed(reading.db, orderedQuestion(reading.statements, query)));
}

/** Any other question. The columns are those of the state that is read. */
export function findFindings(reading: Reading, columns: FindingColumns, query: FindingQuery): FindingPage {
  return pageOf(reading, query, columns.find(orderedQuestion(reading.statements, query)));
}

/** What is asked of the rows: one more than the page has tells whether there is a next one. */
function orderedQuestion(
  statements: Statements,
  { filters = {}, sort = worstFirst, after, limit, as_of }: FindingQuery,
) {
  return { filters, sort, after: after && { ...after, seq: numberOf(statements, after.id) }, limit: limit + 1, as_of };
}

const findingWithId = statement<{ readonly id: string }>()((db, value) =>
  db.selectFrom("finding").select("seq").where("id", "=", value("id")),
);

/** No finding is ever removed: one that is not there was another database's. */
function numberOf(statements: Statements, id: string): number {
  const [row] = statements.all(findingWithId, { id });
  return row?.seq ?? 0;
}

function pageOf(reading: Reading, { as_of, limit, sort }: FindingQuery, places: readonly Place[]): FindingPage {
  const findings = readFindings(reading, places.slice(0, limit), as_of);
  const last = places.length > limit ? findings.at(-1) : undefined;
  const next = last === undefined ? null : cursorAt(last, (sort ?? worstFirst).by);
  return { findings, next, changed_at: lastChange(reading.statements).changed_at };
}

function cursorAt(finding: Finding, by: FindingSort): FindingCursor {
  const { id, check, key, latest } = finding;
  const values: Readonly<Record<FindingSort, string | number>> = {
    severity: severities.indexOf(latest.severity),
    changed: latest.since,
    check,
    key: key ?? "",
    id,
  };
  return { value: values[by], id };
}
