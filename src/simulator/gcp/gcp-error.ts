/** The canonical codes with their numbers in gRPC and HTTP. https://cloud.google.com/apis/design/errors#handling_errors */
const numbers = {
  INVALID_ARGUMENT: { grpc: 3, http: 400 },
  NOT_FOUND: { grpc: 5, http: 404 },
  PERMISSION_DENIED: { grpc: 7, http: 403 },
  RESOURCE_EXHAUSTED: { grpc: 8, http: 429 },
  FAILED_PRECONDITION: { grpc: 9, http: 400 },
  ABORTED: { grpc: 10, http: 409 },
  UNIMPLEMENTED: { grpc: 12, http: 501 },
  INTERNAL: { grpc: 13, http: 500 },
  UNAVAILABLE: { grpc: 14, http: 503 },
  UNAUTHENTICATED: { grpc: 16, http: 401 },
  /** What a client cannot know. */
  CODE_OF_ANOTHER_VERSION: { grpc: 99, http: 499 },
} as const;
export type GcpErrorCode = keyof typeof numbers;

/** One of the details of an error: its type, and the fields of that type in JSON. */
export interface ErrorDetail {
  readonly "@type": `type.googleapis.com/google.rpc.${string}`;
  readonly [field: string]: unknown;
}

/** An answer in which Google Cloud says no. Thrown by the simulated operations, as their result; everything else they throw is a bug. */
export class GcpError extends Error {
  readonly code: GcpErrorCode;
  readonly details: readonly ErrorDetail[];

  constructor(code: GcpErrorCode, message: string, details: readonly ErrorDetail[] = []) {
    super(message);
    this.name = "GcpError";
    this.code = code;
    this.details = details;
  }

  get grpcStatus(): number {
    return numbers[this.code].grpc;
  }

  get httpStatus(): number {
    return numbers[this.code].http;
  }
}

/** The detail by which programs tell errors apart. https://cloud.google.com/apis/design/errors#error_info */
export function errorInfo(reason: string, domain: string, metadata: Readonly<Record<string, string>>): ErrorDetail {
  return { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain, metadata };
}

/** What is no answer of Google Cloud is a bug of the simulator, and goes on. */
export function asGcpError(error: unknown): GcpError {
  if (error instanceof GcpError) {
    return error;
  }
  throw error;
}
