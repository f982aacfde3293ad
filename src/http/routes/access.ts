import type { HttpServer } from "../http-server.ts";
import { refuseFuture } from "../moment.ts";
import type { ApiPorts } from "../ports.ts";
import { accessBody, accessQuery, accessSchema } from "../schemas/access.ts";
import { answers, json } from "../schemas/answer.ts";
import { keyParams, noSuchKey } from "./keys.ts";

export function accessRoutes(app: HttpServer, { accessOf, now }: ApiPorts): void {
  const schema = {
    tags: ["keys"],
    operationId: "getAccess",
    summary: "Get who can use a key",
    description:
      "Who can do what with a key, from which statement or grant, under which condition: everybody whom its policy or a grant names, the published role, and strangers (`*`). Worked out when it is asked for, from the facts of that moment. While a source is unreadable, a missing row does not mean that somebody is refused.",
    params: keyParams,
    querystring: accessQuery,
    response: answers({ 200: json("The access.", accessSchema) }, ["key-not-found", "as-of-in-future"]),
  };
  app.get("/keys/:name/access", { schema }, async ({ params: { name }, query: { as_of } }) => {
    refuseFuture(as_of, now());
    const access = await accessOf(name, as_of ?? null);
    if (access === undefined) throw noSuchKey(name);
    return accessBody(name, access);
  });
}
