import { OperatorError } from "../errors/operator-error.ts";
import { withoutTokens } from "../model/token.ts";
import { StoreError } from "../store/store-error.ts";

/** A fault of the program itself, apart from every exit code that says something about keys (EX_SOFTWARE of sysexits). */
const ownFault = 70;

/** Says on stderr why a command ended, and returns its exit code. */
export function report(error: unknown): number {
  if (error instanceof OperatorError) {
    process.stderr.write(`keyposture: ${error.detail}\n`);
    for (const place of error.errors) process.stderr.write(`  ${place.detail}\n`);
    return error.exit;
  }
  if (error instanceof StoreError) {
    process.stderr.write(`keyposture: ${error.message}\n`);
    return 2;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`keyposture: this is a fault of keyposture itself; please report it.\n${withoutTokens(text)}\n`);
  return ownFault;
}
