/** Which role each route of the API asks for. A route that is missing here keeps the server from being built. */
import type { Role } from "../../model/token.ts";
import { documentationPrefix } from "../security-headers.ts";

/** Nobody is asked for a token, and nothing is counted: a probe that is refused takes a healthy service down. */
const probe = "probe";
/** Nobody is asked for a token. */
const anybody = "anybody";
type Needed = Role | typeof anybody | typeof probe;

const needed: Readonly<Record<string, Needed>> = {
  // Orchestrators have no token, and there is nothing in the answer.
  "GET /healthz": probe,
  "GET /readyz": probe,

  // A browser that opens a page has none either, and the description is that of every service of this version.
  "GET /": anybody,
  "GET /openapi.json": anybody,

  "GET /metrics": "viewer",
  "GET /summary": "viewer",
  "GET /findings": "viewer",
  "GET /findings/:id": "viewer",
  "GET /findings/:id/history": "viewer",
  "GET /keys": "viewer",
  "GET /keys/:name": "viewer",
  "GET /keys/:name/access": "viewer",
  "GET /keys/:name/snapshot": "viewer",
  "GET /scans": "viewer",
  "GET /scans/:id": "viewer",
  "GET /checks": "viewer",
  "GET /checks/:provider/:check": "viewer",

  "POST /scans": "operator",
  "POST /keys": "operator",
  "PATCH /keys/:name": "operator",
  "DELETE /keys/:name": "operator",

  "GET /tokens": "admin",
  "POST /tokens": "admin",
  "DELETE /tokens/:id": "admin",
};

/** What is asked for where nothing is found: who may see nothing need not learn what there is. */
export const roleForNothing = "viewer" satisfies Role;

/** By the route's pattern, e.g. `/keys/:name`. Throws a TypeError for a route about which nothing is decided. */
export function roleForRoute(method: string, url: string): Needed {
  const reading = method === "HEAD" ? "GET" : method;
  const isDocumentation = url === documentationPrefix || url.startsWith(`${documentationPrefix}/`);
  const role = isDocumentation && reading === "GET" ? anybody : needed[`${reading} ${url}`];
  if (role === undefined) throw new TypeError(`${reading} ${url} has no line in route-roles.ts`);
  return role;
}
