import type { ErrorCodeEntry } from "./error-code-entry.ts";
import { processErrors } from "./process-errors.ts";
import { requestErrors } from "./request-errors.ts";

const table = { ...processErrors, ...requestErrors };

export type ErrorCode = keyof typeof table;

/** The closed list of codes that an operator can meet. A public contract: none changes its meaning or is used again. */
export const errorCodes: Readonly<Record<ErrorCode, ErrorCodeEntry>> = table;
