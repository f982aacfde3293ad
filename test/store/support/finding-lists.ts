/** Lists as the store answers them, on a connection of its own that only reads. */
import type { FindingPage, FindingQuery } from "../../../src/model/finding-query.ts";
import { indexCalls } from "../../../src/store/call-index.ts";
import { connect } from "../../../src/store/database.ts";
import { createReader } from "../../../src/store/reader.ts";
import { calls } from "./material.ts";

export interface Lists {
  find(query: FindingQuery): Promise<FindingPage>;
  close(): Promise<void>;
}

/** To be closed. */
export function findingLists(path: string): Lists {
  const connection = connect(path, { readonly: true });
  const reader = createReader({ connection, path, calls: indexCalls(calls), providers: ["aws"], onRefusal() {} });
  return { find: (query) => reader.findings(query), close: () => connection.db.destroy() };
}
