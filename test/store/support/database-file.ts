/** Looks at a database file from outside, as another program would. */
import SqliteDatabase from "better-sqlite3";

type Row = Readonly<Record<string, unknown>>;

export function query(path: string, sql: string): readonly Row[] {
  const database = new SqliteDatabase(path, { fileMustExist: true });
  try {
    return database.prepare<[], Row>(sql).all();
  } finally {
    database.close();
  }
}

export function change(path: string, sql: string): void {
  const database = new SqliteDatabase(path);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

/** Every row of every table. */
export function everything(path: string): Readonly<Record<string, readonly Row[]>> {
  const tables = query(path, "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'");
  return Object.fromEntries(tables.map(({ name }) => [name, query(path, `select * from "${String(name)}"`)]));
}

/** What must hold in every state of the database; each line is a fault. */
export function faults(path: string): readonly string[] {
  const kind = "provider, check_id, severity, status, outcome, guidance";
  const counted = `select ${kind}, count(*) as count from finding group by 1, 2, 3, 4, 5, 6`;
  const kept = `select ${kind}, count from finding_count where count <> 0`;
  const rules: Readonly<Record<string, string>> = {
    "counters that differ from the findings": `select * from (${counted} except ${kept}) union all select * from (${kept} except ${counted})`,
    "findings whose past outcomes are not those before their latest":
      "select f.id from finding f where f.number <> 1 + (select count(*) from past_outcome o where o.finding_seq = f.seq and o.number < f.number) or exists (select 1 from past_outcome o where o.finding_seq = f.seq and o.number >= f.number)",
    "findings without what their outcome rests on":
      "select f.id from finding f where not exists (select 1 from content c where c.hash = f.evidence)",
    "past outcomes of another check or provider than their finding's":
      "select f.id from finding f join past_outcome o on o.finding_seq = f.seq where o.check_id <> f.check_id or o.provider <> f.provider",
    "outcomes that end before they begin": "select finding_seq from past_outcome where valid_to < valid_from",
    "outcomes that do not follow one another": `select o.finding_seq from past_outcome o join past_outcome n on n.finding_seq = o.finding_seq
       and n.number = o.number + 1 where o.valid_to <> n.valid_from
       union all select f.seq from finding f join past_outcome o on o.finding_seq = f.seq and o.number = f.number - 1
       where o.valid_to <> f.changed_at`,
    "deciding outcomes that are none": `select f.id from finding f where f.decided is not null and f.decided <> f.number
       and not exists (select 1 from past_outcome o where o.finding_seq = f.seq and o.number = f.decided)`,
    "facts that end before they begin": "select name from fact where valid_to < valid_from",
    "facts with two open values":
      "select name from fact where valid_to is null group by subject_id, name having count(*) > 1",
    "open facts that are not the newest": "select name from fact where valid_to is null and current = 0",
    "two findings of one id": "select id from finding group by 1 having count(*) > 1",
    "broken references": "select * from pragma_foreign_key_check",
    "a broken file": "select * from pragma_integrity_check where integrity_check <> 'ok'",
  };
  const database = new SqliteDatabase(path, { fileMustExist: true });
  try {
    return Object.entries(rules).flatMap(([fault, sql]) =>
      database
        .prepare<[], Row>(sql)
        .all()
        .map((row) => `${fault}: ${JSON.stringify(row)}`),
    );
  } finally {
    database.close();
  }
}
