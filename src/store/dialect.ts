/**
 * SQL with `+?` in place of `?`. SQLite compiles a statement anew when another value is bound to a parameter that its
 * planner has looked at, and in a join it looks at every one that is bare; the sign changes neither a value nor which
 * indexes are used. Compiling costs more than running most of our joins.
 * https://www.sqlite.org/c3ref/prepare.html
 */
import { SqliteDialect, SqliteQueryCompiler } from "kysely";

export class ParameterCompiler extends SqliteQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return "+?";
  }
}

export class StoreDialect extends SqliteDialect {
  override createQueryCompiler(): ParameterCompiler {
    return new ParameterCompiler();
  }
}
