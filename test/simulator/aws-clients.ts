import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { KMSClient } from "@aws-sdk/client-kms";
import { expect, onTestFinished } from "vitest";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator/simulator.ts";

/** 2026-09-01T12:00:00Z. */
export const testTime = Date.UTC(2026, 8, 1, 12);

/** A simulator that ends with the test. Its clock stands still unless told otherwise. */
export async function testSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({ now: () => testTime, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

interface Place {
  readonly region?: string;
  /** The last twelve characters name the account. */
  readonly accessKeyId?: string;
}

function clientOptions({ endpoint }: Simulator, { region = "us-east-2", accessKeyId = "AKIDTEST111122223333" }: Place) {
  const credentials = { accessKeyId, secretAccessKey: "not-a-secret" };
  return { endpoint, region, credentials, maxAttempts: 1, requestHandler: { requestTimeout: 0 } };
}

/** The official client, pointed at the simulator. */
export function kmsClient(simulator: Simulator, place: Place = {}): KMSClient {
  const client = new KMSClient(clientOptions(simulator, place));
  onTestFinished(() => client.destroy());
  return client;
}

export function cloudTrailClient(simulator: Simulator, place: Place = {}): CloudTrailClient {
  const client = new CloudTrailClient(clientOptions(simulator, place));
  onTestFinished(() => client.destroy());
  return client;
}

/** A request as a client sends it, for the services that no installed client speaks to. The signature is never verified. */
export function signedHeaders(service: string, region = "us-east-1", accessKeyId = "AKIDTEST111122223333") {
  const credential = `${accessKeyId}/20260901/${region}/${service}/aws4_request`;
  const signature = "0".repeat(64);
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    "x-amz-date": "20260901T120000Z",
  };
}

/** Any text with this one in it: Vitest's own matcher has no type. */
export function containing(text: string): unknown {
  return expect.stringContaining(text);
}

/** The name and the message of the error that a call must end with. */
export async function refusal(call: Promise<unknown>): Promise<{ name: string; message: string; status: unknown }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) {
      return { name: error.name, message: error.message, status: statusOf(error) };
    }
    throw error;
  }
  throw new TypeError("the call was answered");
}

function statusOf(error: Error): unknown {
  const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
  return typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata
    ? metadata.httpStatusCode
    : undefined;
}
