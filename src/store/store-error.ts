/** What can go wrong with the database, in words for those who run the service. */
import type { ErrorCode } from "../errors/error-codes.ts";

/** What an operator meets of these is in the list of src/errors; the last two are faults of a caller. */
export const storeErrorCodes = [
  "database-unopenable",
  "database-corrupt",
  "database-foreign",
  "database-newer",
  "database-full",
  "database-io",
  "database-busy",
  "database-read-only",
  "migration-failed",
  "no-such-key",
  "no-such-scan",
] as const satisfies readonly (ErrorCode | "no-such-key" | "no-such-scan")[];
export type StoreErrorCode = (typeof storeErrorCodes)[number];

/** An expected failure of the store. The message says what to do. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreError";
    this.code = code;
  }
}
