/** Where a question about findings finds its columns: in the findings for the present, in the outcomes for the past. */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { FindingFilters, FindingSort } from "../model/finding-query.ts";

export type Column = RawBuilder<string | number | null>;
export type Condition = RawBuilder<SqlBool>;
/** What a row can be chosen by; `in_need` is the default where nobody filters. */
export type Criterion = keyof FindingFilters | "in_need";

export interface FindingSource {
  /** The table that is read first. */
  readonly first: RawBuilder<unknown>;
  /** The other one, read for each row of the first; for the present there is none. */
  readonly second: { readonly table: RawBuilder<unknown>; readonly joined: Condition } | undefined;
  readonly id: Column;
  readonly columns: Readonly<Record<Criterion, Column>>;
  readonly sorts: Readonly<Record<FindingSort, Column>>;
  /** That an outcome held at the moment; its beginning as it is, or hidden from the planner. */
  held(began: Column): readonly Condition[];
}

/** Which table leads to the rows; for the present there is only one. */
export type Lead = "finding" | "outcome";

export function findingSource(as_of: number | undefined, lead: Lead): FindingSource {
  const latest = as_of === undefined ? "f" : "o";
  const past = as_of !== undefined && lead === "outcome";
  const [outcome, finding] = [sql`outcome as o`, sql`finding as f`];
  const changed = column(as_of === undefined ? "f.changed_at" : "o.valid_from");
  const severity = column(`${latest}.severity_rank`);
  const id = column(past ? "o.finding_id" : "f.id");
  const [key, check] = [column("f.key_name"), column("f.check_id")];
  return {
    first: past ? outcome : finding,
    second: as_of === undefined ? undefined : { table: past ? finding : outcome, joined: sql`o.finding_id = f.id` },
    id,
    columns: {
      provider: column("f.provider"),
      key,
      check,
      severity,
      outcome: column(`${latest}.outcome`),
      status: column(`${latest}.status`),
      guidance: column(`${latest}.guidance`),
      changed_since: changed,
      in_need: column(`${latest}.in_need`),
    },
    sorts: { severity, changed, check, key, id },
    held: (began) =>
      as_of === undefined ? [] : [sql`${began} <= ${as_of}`, sql`(o.valid_to is null or o.valid_to > ${as_of})`],
  };
}

function column(name: string): Column {
  return sql.ref<string | number | null>(name);
}
