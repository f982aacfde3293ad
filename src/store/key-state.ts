/** Whether anything is another thing than when a key was judged last, told from hashes, without the values. */
import { hash } from "node:crypto";
import type { KeyRow } from "./keys.ts";
import { isStale } from "./snapshot.ts";
import { statement } from "./statements.ts";
import { isCurrent } from "./tables.ts";
import type { WriteContext } from "./write-context.ts";

interface Subjects {
  readonly key: string;
  readonly scope: string;
}

const factsOfSubjects = statement<Subjects>()((db, value) =>
  db
    .selectFrom("fact")
    .select(["subject_id", "name", "content"])
    .where("subject_id", "in", [value("key"), value("scope")])
    .where("current", "=", isCurrent)
    .orderBy("subject_id")
    .orderBy("name"),
);

const sightsOfSubjects = statement<Subjects>()((db, value) =>
  db
    .selectFrom("sight")
    .select(["subject_id", "call", "part", "number", "last_at", "interval_ms"])
    .where("subject_id", "in", [value("key"), value("scope")])
    .where("current", "=", isCurrent)
    .orderBy("subject_id")
    .orderBy("call")
    .orderBy("part"),
);

/** `now` decides what is stale. */
export function stateOfKey({ statements }: WriteContext, row: KeyRow, now: number): string {
  const subjects = { key: row.subject_id, scope: row.scope_id ?? "" };
  const facts = statements.all(factsOfSubjects, subjects);
  const sights = statements.all(sightsOfSubjects, subjects);
  const state = [
    // Every registration has a number of its own, and so has every run of sight: what is in them never changes.
    [row.subject_id, row.name, row.number, row.change_seq],
    ...facts.map(({ subject_id, name, content }) => [subject_id, name, content]),
    ...sights.map((run) => [run.subject_id, run.call, run.part, run.number, isStale(run, now)]),
  ];
  return hash("sha256", JSON.stringify(state), "base64");
}
