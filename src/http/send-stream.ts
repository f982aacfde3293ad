import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { HttpLog } from "./ports.ts";

/** Sends an answer in pieces; for HEAD, none of them. `what` is said of it in the log, where it fails in the middle. */
export function sendStream(
  { request, reply, log }: { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly log: HttpLog },
  body: Readable,
  what: string,
): FastifyReply {
  if (request.method === "HEAD") {
    body.destroy();
    return reply.send(Readable.from([]));
  }
  body.on("error", (error) => {
    // One who went away is no fault. Anyone else sees the connection break, never a shorter text that looks whole.
    if (reply.raw.destroyed) return;
    log.error({ err: error, request: request.id, route: request.routeOptions.url }, `${what} broke off`);
  });
  return reply.send(body);
}
