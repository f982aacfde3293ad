import { connect, storeErrorOf } from "./database.ts";
import { migrate } from "./migrate.ts";
import type { Tokens } from "./store.ts";
import { createToken, findToken, findTokens, noteTokenUse, revokeToken } from "./tokens.ts";
import { createTransactions } from "./transactions.ts";

export interface OpenTokens {
  readonly tokens: Tokens;
  close(): Promise<void>;
}

/**
 * The tokens of a database alone, beside a service that may be running on it. Brings the database to the newest form.
 * Throws a StoreError that says what to do.
 */
export async function openTokens(path: string): Promise<OpenTokens> {
  await migrate(path);
  const connection = connect(path);
  const transactions = createTransactions(connection);
  const run: typeof transactions.run = async (body) => {
    try {
      return await transactions.run(body);
    } catch (error) {
      throw storeErrorOf(error, path);
    }
  };
  return {
    tokens: {
      find: (id) => run((db) => findToken(db, id)),
      list: () => run(findTokens),
      create: (token, at) => run((db) => createToken(db, token, at)),
      revoke: (id, at) => run((db) => revokeToken(db, id, at)),
      used: (id, at) => run((db) => noteTokenUse(db, id, at)),
    },
    async close() {
      await transactions.close();
      await connection.db.destroy();
    },
  };
}
