// How requests come and answers go: messages over gRPC, JSON over REST. Knows no operation.
import type { WireAnswer } from "../cloud.ts";
import type { GrpcAnswer, GrpcStatus } from "../grpc-answer.ts";
import { isJsonObject, type JsonObject } from "../shape.ts";
import { type ErrorDetail, GcpError } from "./gcp-error.ts";
import { messageDefinition } from "./proto-definitions.ts";

/** How a wire writes what an operation answers. */
export interface GcpWire<Answer> {
  readonly answer: (output: JsonObject) => Answer;
  readonly refusal: (error: GcpError) => Answer;
}

/** https://cloud.google.com/apis/design/errors#http_mapping */
export const restWire: GcpWire<WireAnswer> = {
  answer: (output) => jsonAnswer(200, output),
  refusal: ({ code, message, details, httpStatus }) =>
    jsonAnswer(httpStatus, { error: { code: httpStatus, message, status: code, details } }),
};

/** Answers with the message that `write` makes. */
export function grpcWire(write: (message: object) => Buffer): GcpWire<GrpcAnswer> {
  return { answer: (message) => ({ kind: "message", message, write }), refusal: grpcStatus };
}

export function grpcStatus({ grpcStatus: code, message, details }: GcpError): GrpcStatus {
  const status = messageDefinition("status", "google.rpc.Status");
  const packed = status.serialize({ code, message, details: details.map(packedDetail) });
  return { kind: "status", code, message, details: packed };
}

/** A google.protobuf.Any. */
function packedDetail({ "@type": typeUrl, ...fields }: ErrorDetail): JsonObject {
  const type = messageDefinition("status", typeUrl.slice(typeUrl.indexOf("/") + 1));
  return { type_url: typeUrl, value: type.serialize(fields) };
}

/**
 * What a REST request holds: the groups of the route's pattern, the parameters, and the fields of the body.
 * @throws GcpError where the path is not escaped, or the body is no JSON object.
 */
export function restInput(groups: Readonly<Record<string, string>> = {}, query: string, body: string): JsonObject {
  const unescaped = Object.entries(groups).map(([name, value]) => [name, unescape(value)] as const);
  return { ...bodyOf(body), ...Object.fromEntries(new URLSearchParams(query)), ...Object.fromEntries(unescaped) };
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new GcpError("INVALID_ARGUMENT", "The path is not escaped as a URL must be.");
  }
}

function bodyOf(text: string): JsonObject {
  try {
    const body: unknown = text === "" ? {} : JSON.parse(text);
    if (isJsonObject(body)) {
      return body;
    }
  } catch {
    // Said below, like a body that is no object.
  }
  throw new GcpError("INVALID_ARGUMENT", "Invalid JSON payload received.");
}

/** A message as its definition reads it; undefined where it cannot be read. */
export function readMessage(read: (bytes: Buffer) => unknown, bytes: Buffer): JsonObject | undefined {
  try {
    const message = read(bytes);
    return isJsonObject(message) ? message : undefined;
  } catch {
    // Whatever reading throws says that the bytes are no such message.
    return undefined;
  }
}

function jsonAnswer(status: number, body: JsonObject): WireAnswer {
  return { status, headers: { "content-type": "application/json; charset=UTF-8" }, body: JSON.stringify(body) };
}
