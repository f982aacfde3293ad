import { connect, constants } from "node:http2";
import { expect, onTestFinished, test } from "vitest";
import { grpcRefusal } from "./gcp-clients.ts";
import { gcpWorld } from "./gcp-world.ts";

/** One request of raw bytes over HTTP/2: its status and its end, as gRPC's headers tell them. */
function rawCall(address: string, path: string, body: Buffer, contentType = "application/grpc") {
  const session = connect(`http://${address}`);
  onTestFinished(() => session.destroy());
  return new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": contentType });
    stream.once("response", (headers) => resolve({ http: headers[":status"], grpc: headers["grpc-status"] }));
    stream.once("error", reject);
    stream.resume();
    stream.end(body);
  });
}

test.each([
  ["an unknown method", "/google.cloud.kms.v1.KeyManagementService/Guess", Buffer.alloc(5), { http: 200, grpc: "12" }],
  [
    "a name of every object",
    "/google.cloud.kms.v1.KeyManagementService/constructor",
    Buffer.alloc(5),
    { http: 200, grpc: "12" },
  ],
  ["an unknown service", "/google.cloud.kms.v1.EkmService/GetEkmConfig", Buffer.alloc(5), { http: 200, grpc: "12" }],
  ["no message", "/google.cloud.kms.v1.KeyManagementService/GetCryptoKey", Buffer.alloc(0), { http: 415 }],
  [
    "half a message",
    "/google.cloud.kms.v1.KeyManagementService/GetCryptoKey",
    Buffer.from([0, 0, 0, 0, 9, 1]),
    { http: 415 },
  ],
  [
    "bytes that are no message",
    "/google.cloud.kms.v1.KeyManagementService/GetCryptoKey",
    Buffer.from([0, 0, 0, 0, 1, 7]),
    { http: 200, grpc: "3" },
  ],
])("%s is refused and counts as unrecognized", async (_what, path, body, expected) => {
  const { simulator, control } = await gcpWorld();
  expect(await rawCall(simulator.gcpEndpoints.grpc, path, body)).toEqual({ grpc: undefined, ...expected });
  expect(control.calls()).toMatchObject({ unrecognized: 1, total: { received: 0 } });
});

test("another protocol on the port of gRPC is refused", async () => {
  const { simulator } = await gcpWorld();
  const path = "/google.cloud.kms.v1.KeyManagementService/GetCryptoKey";
  const answer = await rawCall(simulator.gcpEndpoints.grpc, path, Buffer.alloc(5), "application/json");
  expect(answer["http"]).toBe(constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE);
});

test("every listener is on the loopback interface and stops with the simulator", async () => {
  const { simulator, getKey } = await gcpWorld();
  const { grpc, rest: restUrl } = simulator.gcpEndpoints;
  expect([grpc.split(":")[0], new URL(restUrl).hostname]).toEqual(["127.0.0.1", "127.0.0.1"]);
  await getKey();
  await simulator.close();
  await expect(fetch(restUrl)).rejects.toThrow();
  expect((await grpcRefusal(getKey())).code).toBe(14);
});
