import type { HttpServer } from "../http-server.ts";
import { refuseFuture } from "../moment.ts";
import type { ApiPorts } from "../ports.ts";
import { answers, json } from "../schemas/answer.ts";
import { snapshotBody, snapshotQuery, snapshotSchema } from "../schemas/snapshot.ts";
import { keyParams, noSuchKey } from "./keys.ts";

export function snapshotRoutes(app: HttpServer, { store, now }: ApiPorts): void {
  const schema = {
    tags: ["keys"],
    operationId: "getSnapshot",
    summary: "Get the facts of a key",
    description:
      "Everything that was known of the key and of its scope at a moment, with how each fact was seen. Before the first observation every fact is `not-observed`. A key that is watched no more keeps its last facts.",
    params: keyParams,
    querystring: snapshotQuery,
    response: answers({ 200: json("The facts.", snapshotSchema) }, ["key-not-found", "as-of-in-future"]),
  };
  app.get("/keys/:name/snapshot", { schema }, async ({ params: { name }, query: { as_of } }) => {
    const moment = now();
    refuseFuture(as_of, moment);
    const snapshot =
      as_of === undefined ? await store.currentSnapshot(name, moment) : await store.snapshot(name, as_of);
    if (snapshot === undefined) throw noSuchKey(name);
    return snapshotBody(snapshot, as_of ?? moment);
  });
}
