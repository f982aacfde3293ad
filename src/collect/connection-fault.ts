/** Failures below an answer: of the network, of TLS, of what cannot be read as HTTP. The same for every provider. */

export interface ConnectionFault {
  readonly reason: "timeout" | "unavailable";
  /** As Node names it. */
  readonly code: string;
}

const timeouts = /^(TimeoutError|AbortError|ESOCKETTIMEDOUT|ETIMEDOUT|UND_ERR_\w*TIMEOUT)$/;
/**
 * https://nodejs.org/api/errors.html, https://nodejs.org/api/tls.html#x509-certificate-error-codes; HPE is the parser of
 * HTTP, Z what decompresses.
 */
const broken =
  /^(ECONN|EPIPE|EPROTO|EAI_|ENOTFOUND|ENET|EHOST|ERR_STREAM|UND_ERR|HPE_|Z_\w+_ERROR|ERR_TLS|ERR_SSL|CERT_|CRL_|ERROR_IN_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)/;

/** Of what was thrown or one of its causes: the clients wrap what `fetch` threw, which wraps what the socket did. */
export function connectionFaultOf(thrown: Error): ConnectionFault | undefined {
  for (let one: unknown = thrown, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth += 1) {
    const named = codeOf(one);
    if (timeouts.test(named)) return { reason: "timeout", code: named };
    // Whatever keeps a connection from being made, a firewall or too many of them included.
    if (broken.test(named) || Reflect.get(one, "syscall") === "connect") return { reason: "unavailable", code: named };
  }
  return undefined;
}

/** What Node says of it comes first: a client may call a connection that was reset a TimeoutError too. */
function codeOf(error: Error): string {
  const code: unknown = Reflect.get(error, "code");
  if (typeof code === "string" && code !== "") return code;
  // Some hand on no more than the sentence.
  return /\b(E[A-Z]{4,})\b/.exec(error.message)?.[1] ?? error.name;
}
