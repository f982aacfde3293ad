import { isIPv4 } from "node:net";

/** Whether an address or a name, in lower case, is this machine's own: only programs on it reach what listens there. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}
