import { withoutTokens } from "../model/token.ts";
import { type ErrorCode, errorCodes } from "./error-codes.ts";

/** One of several things that are wrong, and where: in a JSON body, in a query or path, or in the configuration. */
export type ErrorPlace =
  /** `pointer`: an RFC 6901 JSON pointer into the request's body. */
  | { readonly pointer: string; readonly detail: string }
  | { readonly parameter: string; readonly detail: string }
  /** `path`: names joined with dots, e.g. `keys[0].resource`. The detail stands by itself, with file and line. */
  | { readonly path: string; readonly detail: string };

interface OperatorErrorOptions {
  readonly errors?: readonly ErrorPlace[];
  readonly cause?: unknown;
}

/**
 * What an operator can put right, by its code. For the edges (commands, requests, the start of the service); inside,
 * expected failures are values. A fault of the program is not one of these: it is thrown as it is.
 */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
  readonly code: ErrorCode;
  /** What is particular to this case. It is shown: it must hold no secret. Tokens that somebody sent are left out. */
  readonly detail: string;
  readonly errors: readonly ErrorPlace[];

  constructor(code: ErrorCode, detail: string, { errors = [], cause }: OperatorErrorOptions = {}) {
    super(withoutTokens(detail), cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = this.message;
    this.errors = errors.map(withoutTokensIn);
  }

  /** Exit code of a command that ends with it; 2 where the list has none, as the command did not do its work. */
  get exit(): number {
    return errorCodes[this.code].exit ?? 2;
  }
}

function withoutTokensIn(place: ErrorPlace): ErrorPlace {
  return Object.fromEntries(
    Object.entries(place).map(([name, text]: [string, string]) => [name, withoutTokens(text)]),
  ) as unknown as ErrorPlace;
}

/** A problem document as of RFC 9457 (https://www.rfc-editor.org/rfc/rfc9457), `application/problem+json`. */
export interface Problem {
  /** `/problems/<code>`, relative to the service. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly errors?: readonly ErrorPlace[];
}

/** The problem document of an error; status 500 for a code that no request should have met. */
export function toProblem(error: OperatorError): Problem {
  const { title, status } = errorCodes[error.code];
  return {
    type: `/problems/${error.code}`,
    title,
    status: status ?? 500,
    detail: error.detail,
    code: error.code,
    ...(error.errors.length > 0 ? { errors: error.errors } : {}),
  };
}
