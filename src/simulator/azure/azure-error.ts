import type { WireAnswer } from "../cloud.ts";
import type { JsonObject } from "../shape.ts";

/** What an error says beside its code. */
export interface AzureErrorExtras {
  readonly headers?: Readonly<Record<string, string>>;
  /** What else is in the error object: `innererror`, `details`, … */
  readonly more?: JsonObject;
}

/** An answer in which Azure says no. Thrown by the simulated operations, as their result; everything else they throw is a bug. */
export class AzureError extends Error {
  readonly status: number;
  readonly code: string;
  readonly extras: AzureErrorExtras;

  constructor(status: number, code: string, message: string, extras: AzureErrorExtras = {}) {
    super(message);
    this.name = "AzureError";
    this.status = status;
    this.code = code;
    this.extras = extras;
  }
}

/** What is no answer of Azure is a bug of the simulator, and goes on. */
export function asAzureError(error: unknown): AzureError {
  if (error instanceof AzureError) {
    return error;
  }
  throw error;
}

/** The form that all of Azure's APIs share. https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md#handling-errors */
export function errorAnswer({ status, code, message, extras }: AzureError): WireAnswer {
  const answer = jsonAnswer(status, { error: { code, message, ...extras.more } });
  return { ...answer, headers: { ...answer.headers, ...extras.headers } };
}

export function jsonAnswer(status: number, body: JsonObject): WireAnswer {
  return { status, headers: { "content-type": "application/json; charset=utf-8" }, body: JSON.stringify(body) };
}
