/** An answer in which AWS says no. Thrown by the simulated operations, as their result; everything else they throw is a bug. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = "AwsError";
    this.code = code;
    this.status = status;
  }
}

/** AWS's words for a request that breaks the constraint of a member. https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html */
export function validationError(value: string | number | null, member: string, constraint: string): AwsError {
  const shown = value === null ? "Value null" : `Value '${value}'`;
  const text = `1 validation error detected: ${shown} at '${member}' failed to satisfy constraint: Member must ${constraint}`;
  return new AwsError("ValidationException", text);
}
