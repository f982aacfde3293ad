/** What kind of mistake a control request makes. */
export type ControlErrorCode =
  | "unknown-verb"
  | "unknown-field"
  | "missing-field"
  | "wrong-value"
  | "unknown-call"
  | "unknown-resource"
  | "malformed-json"
  | "foreign-caller";

/** A control request that was refused before it changed anything: what is wrong, where, and which names are known. */
export class ControlError extends Error {
  readonly code: ControlErrorCode;
  /** The place of the mistake, e.g. `body.change.metadata.KeyStat`. */
  readonly where: string;
  readonly known: readonly string[];

  constructor(code: ControlErrorCode, where: string, message: string, known: readonly string[] = []) {
    super(`${where}: ${message}${known.length > 0 ? ` (known: ${known.join(", ")})` : ""}`);
    this.name = "ControlError";
    this.code = code;
    this.where = where;
    this.known = known;
  }
}
