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

interface PlaceOf<Values> {
  /** The place of one of the values. */
  <Name extends keyof Values & string>(name: Name): Values[Name];
  /** Of a value that is a list: the place of one of its items, null where it has none there. */
  <Name extends keyof Values & string>(name: Name, index: number): ItemOf<Values[Name]>;
}
type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;

type Build<Values, Row> = (db: Kysely<Tables>, value: PlaceOf<Values>) => Compilable<Row>;

class Place {
  readonly name: string;
  readonly index: number | undefined;

  constructor(name: string, index: number | undefined) {
    this.name = name;
    this.index = index;
  }

  in(values: object): unknown {
    const value: unknown = values[this.name as keyof typeof values];
    return this.index === undefined ? value : ((value as readonly unknown[])[this.index] ?? null);
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
    const place = (name: string, index?: number) => new Place(name, index);
    const compile = () => build(compiler, place as unknown as PlaceOf<Values>).compile();
    let compiled: ReturnType<typeof compile> | undefined;
    return {
      sql: () => (compiled ??= compile()).sql,
      bind: (values) => (compiled ??= compile()).parameters.map((one) => (one instanceof Place ? one.in(values) : one)),
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
