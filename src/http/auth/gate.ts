/** Decides about each request of the API before anything of it is read: who asks, how often, and whether they may. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { OperatorError } from "../../errors/operator-error.ts";
import { includesRole, type Role } from "../../model/token.ts";
import type { HttpServer } from "../http-server.ts";
import type { ApiPorts, TokenPort } from "../ports.ts";
import { type Asker, authenticate } from "./authenticate.ts";
import { createLastUse } from "./last-use.ts";
import { createLimits } from "./limits.ts";
import { roleForNothing, roleForRoute } from "./route-roles.ts";

type GatePorts = Pick<ApiPorts, "tokens" | "limits" | "log" | "now">;

const anonymous: Asker = { state: "anonymous" };

/** Must be added before the routes: those that nobody has decided about are refused here. */
export function addGate(app: HttpServer, { tokens, limits, log, now }: GatePorts): void {
  app.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat()) roleForRoute(one, url);
  });
  const count = limits === null ? undefined : createLimits(app, limits);
  const noteUse = tokens === null ? undefined : createLastUse(tokens, log);

  async function askerOf(known: TokenPort, { headers: { authorization } }: FastifyRequest): Promise<Asker> {
    const at = now();
    const asker = await authenticate(known, authorization, at);
    if (asker.state === "known") noteUse?.(asker.token, at);
    return asker;
  }

  app.addHook("onRequest", async (request, reply) => {
    const needed = neededFor(request);
    if (needed === "probe") return;
    const isOpen = tokens === null || needed === "anybody";
    const asker = isOpen ? anonymous : await askerOf(tokens, request);
    const tooMany = await count?.(request, reply, asker);
    const refusal = tooMany ?? (isOpen ? undefined : refusalOf(asker, needed, reply));
    if (refusal === undefined) return;
    const { method, routeOptions, socket } = request;
    const token = asker.state === "anonymous" ? undefined : asker.token;
    const fields = { request: request.id, method, route: routeOptions.url, address: socket.remoteAddress };
    log.debug({ ...fields, token_name: token?.name, code: refusal.code }, "refused");
    throw refusal;
  });
}

function neededFor({ is404, method, routeOptions: { url } }: FastifyRequest) {
  return is404 || url === undefined ? roleForNothing : roleForRoute(method, url);
}

/** The challenge is that of https://www.rfc-editor.org/rfc/rfc6750#section-3. */
function refusalOf(asker: Asker, needed: Role, reply: FastifyReply): OperatorError | undefined {
  switch (asker.state) {
    case "anonymous":
      reply.header("www-authenticate", 'Bearer realm="keyposture"');
      return new OperatorError("unauthenticated", "The request has no token: Authorization: Bearer <token>.");
    case "refused":
      reply.header("www-authenticate", 'Bearer realm="keyposture", error="invalid_token"');
      return new OperatorError("unauthenticated", "The token is not known here, has expired, or was revoked.");
    case "known": {
      const { name, role } = asker.token;
      if (includesRole(role, needed)) return undefined;
      return new OperatorError("forbidden", `This takes the role ${needed}; the token ${name} has the role ${role}.`);
    }
  }
}
