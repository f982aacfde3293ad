import type { FastifyReply, FastifyRequest } from "fastify";

/** The documentation page is made of scripts and styles of its own; the API's answers are none of these. */
const documentationPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const dataPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const documentationPrefix = "/docs";

/** What a browser may do with an answer: as little as possible, and keep no findings on disk. */
export function setSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  const isDocumentation = request.routeOptions.url?.startsWith(documentationPrefix) === true;
  reply.headers({
    "content-security-policy": isDocumentation ? documentationPolicy : dataPolicy,
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
  if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
}
