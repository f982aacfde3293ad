import type { HttpServer } from "./http-server.ts";

/** How long a client may take, in milliseconds: as long as requests to a cloud have when the service stops. */
const grace = 5000;

/**
 * Lets a server that closes wait for its clients, but not for ever: a connection whose client does not read its answer,
 * or never ends its request, is broken off when its time is over.
 */
export function endConnectionsOnClose(app: HttpServer): void {
  app.addHook("preClose", (done) => {
    const { server } = app;
    if (server.listening) {
      // Else a client that keeps its connection for another request keeps the server for more than a minute.
      server.keepAliveTimeout = 1;
      const timer = setTimeout(() => server.closeAllConnections(), grace);
      server.once("close", () => clearTimeout(timer));
    }
    done();
  });
}
