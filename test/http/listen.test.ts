import { describe, expect, it } from "vitest";
import { listen } from "../../src/http/listen.ts";
import { startApi } from "./support/api.ts";

describe("listen", () => {
  it("serves at the address that it returns", async () => {
    const api = await startApi();
    const url = await listen(api.app, { host: "127.0.0.1", port: 0 });
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: "alive" });
  });

  it("says that a port is in use", async () => {
    const one = await startApi();
    const other = await startApi();
    const { port } = new URL(await listen(one.app, { host: "127.0.0.1", port: 0 }));
    const second = listen(other.app, { host: "127.0.0.1", port: Number(port) });
    await expect(second).rejects.toMatchObject({ code: "port-in-use", detail: expect.stringContaining(port) });
  });

  it("says that an address is not this machine's", async () => {
    const api = await startApi();
    // https://www.rfc-editor.org/rfc/rfc5737: an address that no machine has.
    const attempt = listen(api.app, { host: "192.0.2.1", port: 0 });
    await expect(attempt).rejects.toMatchObject({ code: "address-unavailable" });
  });
});
