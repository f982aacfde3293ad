/** How often somebody may ask: counted for each token, and for each address of those who have none. */
import rateLimit, { normalizeIP } from "@fastify/rate-limit";
import type { FastifyReply, FastifyRequest } from "fastify";
import { OperatorError } from "../../errors/operator-error.ts";
import type { HttpServer } from "../http-server.ts";
import type { Limits } from "../ports.ts";
import type { Asker } from "./authenticate.ts";

const minute = 60_000;

/** Counts a request, and says so where it is one too many. */
export type CountRequest = (
  request: FastifyRequest,
  reply: FastifyReply,
  asker: Asker,
) => Promise<OperatorError | undefined>;

export function createLimits(app: HttpServer, { per_token, per_address }: Limits): CountRequest {
  type Counter = ReturnType<HttpServer["createRateLimit"]>;
  let counters: { readonly token: Counter; readonly address: Counter } | undefined;
  const who = new WeakMap<FastifyRequest, string>();
  const keyGenerator = (request: FastifyRequest) => who.get(request) ?? "";

  app.register(rateLimit, { global: false });
  // Two sets of counters: whoever comes from many addresses must not push those of tokens out.
  app.after((error) => {
    if (error !== null) throw error;
    counters = {
      token: app.createRateLimit({ max: per_token, timeWindow: minute, keyGenerator }),
      address: app.createRateLimit({ max: per_address, timeWindow: minute, keyGenerator }),
    };
  });

  return async (request, reply, asker) => {
    if (counters === undefined) throw new Error("a request came before the server was ready");
    const isKnown = asker.state === "known";
    // Whoever has hung up meanwhile has no address any more.
    const { remoteAddress = "" } = request.socket;
    who.set(request, isKnown ? asker.token.id : normalizeIP(remoteAddress));
    const count = await (isKnown ? counters.token : counters.address)(request);
    if (count.isAllowed || !count.isExceeded) return undefined;
    reply.header("retry-after", count.ttlInSeconds);
    const whose = isKnown ? `the token ${asker.token.name}` : "this address";
    const detail = `More than ${count.max} requests came in a minute from ${whose}; ask again in ${count.ttlInSeconds} s.`;
    return new OperatorError("too-many-requests", detail);
  };
}
