/**
 * Keeps web pages away from a service that asks nobody for a token: by a name of their own that they point at this
 * machine (DNS rebinding), and by requests from elsewhere (CSRF).
 */
import { isLoopback } from "../config/loopback.ts";
import { OperatorError } from "../errors/operator-error.ts";

interface RequestHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | string[] | undefined;
}

/**
 * The check of each request's Host and Origin for a listener on this address: `foreign-host`, `foreign-origin`, or undefined.
 * The port is not compared: it differs behind a forwarded port, and a page that could choose it gains nothing by it.
 * On other than loopback addresses any name may be the service's own.
 */
export function requestGuard(
  listensOn: string,
  { anyHost = !isLoopback(listensOn) }: { readonly anyHost?: boolean } = {},
): (headers: RequestHeaders) => OperatorError | undefined {
  return ({ host, origin }) => {
    const name = hostName(host);
    if (!anyHost && (name === undefined || !(isLoopback(name) || name === listensOn.toLowerCase()))) {
      const what = host === undefined ? "The request has no Host header" : `The Host header is ${JSON.stringify(host)}`;
      return new OperatorError("foreign-host", `${what}; the service listens on ${listensOn}.`);
    }
    // Behind a proxy that speaks TLS, the service's own pages come from https.
    const isOwn = origin === `http://${host}` || (anyHost && origin === `https://${host}`);
    if (origin !== undefined && !isOwn) {
      return new OperatorError("foreign-origin", `The Origin header is ${JSON.stringify(origin)}.`);
    }
    return undefined;
  };
}

/** The name or address of a Host header, without port and brackets; undefined where it is none. */
function hostName(host: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:/?#@[\]]+))(?::\d{1,5})?$/i.exec(host ?? "");
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
