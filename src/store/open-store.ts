/** Opens the database and puts the store together: one writing and one reading connection to the same file. */
import type { CallTable } from "../model/call.ts";
import { type Provider, providers } from "../model/resource.ts";
import { indexCalls } from "./call-index.ts";
import { type Connection, connect, type Db, storeErrorOf } from "./database.ts";
import { createHealth, watchFile } from "./health.ts";
import { acquireLease, releaseLease, renewLease } from "./leases.ts";
import { migrate } from "./migrate.ts";
import { createReader, readConsistently } from "./reader.ts";
import type { Store } from "./store.ts";
import { StoreError } from "./store-error.ts";
import { createToken, findToken, findTokens, noteTokenUse, revokeToken } from "./tokens.ts";
import { createTransactions, type TransactionOptions } from "./transactions.ts";
import { bindWriter } from "./writer.ts";

export interface StoreOptions {
  /** A file; it is created, for its owner alone, where it is missing. */
  readonly path: string;
  readonly calls: Readonly<Record<Provider, CallTable>>;
  /** A limit on the size of the file, in pages of 4 KiB. */
  readonly max_pages?: number;
  /** How long writes that are patient wait for others, in milliseconds of real time: none where time is not real. */
  readonly patience?: number;
}

/** Brings the database to the newest form and opens it. Throws a StoreError that says what to do. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { path, max_pages, patience } = options;
  const calls = indexCalls(options.calls);
  await migrate(path);
  const writing = connect(path, max_pages === undefined ? {} : { max_pages });
  const reading = connectOrClose(path, writing);
  const transactions = createTransactions(writing, patience);
  const health = createHealth();
  const mustBeThere = watchFile(path);

  async function transact<T>(body: (db: Db) => Promise<T>, when?: TransactionOptions): Promise<T> {
    try {
      mustBeThere();
      const result = await transactions.run(body, when);
      health.committed();
      return result;
    } catch (thrown) {
      const error = storeErrorOf(thrown, path);
      if (error instanceof StoreError) health.refused(error);
      throw error;
    }
  }

  return {
    read: createReader({ connection: reading, path, calls, providers, onRefusal: health.unread }),
    leases: {
      acquire: (scope, holder, at, ttl) => transact((db) => acquireLease(db, scope, { holder, at, ttl })),
      renew: (scope, holder, at, ttl) => transact((db) => renewLease(db, scope, { holder, at, ttl })),
      release: (scope, holder) => transact((db) => releaseLease(db, scope, holder)),
    },
    tokens: {
      find: (id) => readConsistently(reading, path, (db) => findToken(db, id)),
      list: () => readConsistently(reading, path, findTokens),
      create: (token, at) => transact((db) => createToken(db, token, at)),
      revoke: (id, at) => transact((db) => revokeToken(db, id, at)),
      used: (id, at) => transact((db) => noteTokenUse(db, id, at), { patient: true }),
    },
    write: (body, when) =>
      transact(async (db) => {
        const { writer, end } = bindWriter({ db, statements: writing.statements }, calls);
        try {
          return await body(writer);
        } finally {
          end();
        }
      }, when),
    health: health.current,
    noteTransaction(refusal) {
      if (refusal === undefined) health.committed();
      else health.refused(refusal);
    },
    async close() {
      await reading.db.destroy();
      await transactions.close();
      await writing.db.destroy();
    },
  };
}

function connectOrClose(path: string, writing: Connection): Connection {
  try {
    return connect(path, { readonly: true });
  } catch (error) {
    writing.sqlite.close();
    throw error;
  }
}
