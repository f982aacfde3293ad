/**
 * Statements that a scan makes for every key, built and compiled once: doing that anew costs more than running them. Rows
 * that are written one by one cost less than many in one statement, which SQLite must be able to undo by itself: it
 * then copies every page that is touched into a journal. https://www.sqlite.org/tempfiles.html#stmtjrnl
 */
import type SqliteDatabase from "better-sqlite3";
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector } from "kysely";
import { ParameterCompiler } from "./dialect.ts";
import type { Tables } from "./tables.ts";

/** A statement with places for its values; `Row` is what it answers with. */
export interface Statement<Values, Row> {
  readonly sql: () => string;
  readonly bind: (values: Values) => readonly unknown[];
  /** For the compiler alone. */
  readonly row?: Row;
}

/** Runs statements on one connection, in whatever transaction is open there. */
export interface Statements {
  all<Values, Row>(statement: Statement<Values, Row>, values: Values): readonly Row[];
  /** The same for each of several sets of values. */
  each<Values>(statement: Statement<Values, unknown>, values: readonly Values[]): void;
}

type Build<Values, Row> = (
  db: Kysely<Tables>,
  /** The place of one of the values. */
  value: <Name extends keyof Values & string>(name: Name) => Values[Name],
) => Compilable<Row>;

class Place {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Builds and never runs. */
const compiler = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new ParameterCompiler(),
  },
});

/** Declares a statement; it is built when it is first used. */
export function statement<Values extends object>() {
  return <Row>(build: Build<Values, Row>): Statement<Values, Row> => {
    const compile = () => build(compiler, (name) => new Place(name) as Values[typeof name]).compile();
    let compiled: ReturnType<typeof compile> | undefined;
    return {
      sql: () => (compiled ??= compile()).sql,
      bind: (values) =>
        (compiled ??= compile()).parameters.map((one) =>
          one instanceof Place ? values[one.name as keyof Values] : one,
        ),
    };
  };
}

/** `prepare` is asked for the same text again and again, and is expected to remember. */
export function statementsOn(prepare: (sql: string) => SqliteDatabase.Statement): Statements {
  return {
    all: <Values, Row>({ sql, bind }: Statement<Values, Row>, values: Values) =>
      prepare(sql()).all(...bind(values)) as readonly Row[],
    each({ sql, bind }, values) {
      const prepared = prepare(sql());
      for (const one of values) prepared.run(...bind(one));
    },
  };
}
