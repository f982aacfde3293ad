// gRPC's part of what cloud.ts says for HTTP: requests, answers, and the faults that an answer can have.
import type { ReceivedCall } from "./cloud.ts";
import { changeDeep, type Fault, removeField } from "./fault.ts";
import type { JsonObject } from "./shape.ts";

/** A call of a method with one message each way; header names in lower case. */
export interface GrpcRequest {
  /** `/google.cloud.kms.v1.KeyManagementService/GetCryptoKey`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly message: Buffer;
}

export type GrpcAnswer =
  /** A message with what writes it. */
  | { readonly kind: "message"; readonly message: JsonObject; readonly write: (message: JsonObject) => Buffer }
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | GrpcStatus;

/** The end of a call that failed. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
export interface GrpcStatus {
  readonly kind: "status";
  readonly code: number;
  readonly message: string;
  /** A google.rpc.Status. */
  readonly details: Buffer;
}

/** What serves a cloud, or a part of it, over gRPC. */
export interface GrpcService {
  /** Understands a call, or refuses it at once where it cannot be made out (`{ refused }`). */
  readonly receiveMessage: (request: GrpcRequest) => ReceivedCall<GrpcAnswer> | { readonly refused: GrpcStatus };
}

/** The bytes of an answer's message; undefined where it has none. */
export function bytesOf(answer: GrpcAnswer): Buffer | undefined {
  switch (answer.kind) {
    case "message":
      return answer.write(answer.message);
    case "bytes":
      return answer.bytes;
    case "status":
      return undefined;
  }
}

/** A field with wire type 7, which does not exist: nobody can read it or skip it. */
const malformed = Buffer.from([0x07, 0x07, 0x07, 0x07]);

/** Field 1000, which no message has, with a text in it. */
const extraField = Buffer.from([0xc2, 0x3e, 0x04, ...Buffer.from("text")]);

/** An answer with a fault in its message; undefined where it has no message or no such field, so that nothing was broken. */
export function spoilMessage(answer: GrpcAnswer, fault: Fault): GrpcAnswer | undefined {
  switch (fault.kind) {
    case "malformed-message":
      return answer.kind === "message" ? { kind: "bytes", bytes: malformed } : undefined;
    case "extra-field":
      return answer.kind === "message"
        ? { kind: "bytes", bytes: Buffer.concat([answer.write(answer.message), extraField]) }
        : undefined;
    case "missing-field":
      return answer.kind === "message" ? withoutField(answer, fault.field) : undefined;
    case "truncated":
      return answer.kind === "message" ? answer : undefined;
    default:
      return answer;
  }
}

/** The field is named as in JSON, e.g. `versionTemplate`. */
function withoutField(answer: GrpcAnswer & { kind: "message" }, field: string): GrpcAnswer | undefined {
  const message = structuredClone(answer.message);
  return changeDeep(message, (object) => removeField(object, field)) ? { ...answer, message } : undefined;
}
