import { OperatorError } from "../errors/operator-error.ts";
import type { HttpServer } from "./http-server.ts";

/** Begins to listen. Returns the address, with the port that the system chose where 0 was asked for. */
export async function listen(app: HttpServer, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "EADDRINUSE") throw new OperatorError("port-in-use", `${host} port ${port} is in use.`, { cause });
    if (code === "EADDRNOTAVAIL" || code === "EACCES" || code === "ENOTFOUND") {
      throw new OperatorError("address-unavailable", `${host} port ${port} cannot be listened on (${code}).`, {
        cause,
      });
    }
    throw cause;
  }
}
