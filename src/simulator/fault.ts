import { type ServiceFailure, serviceFailures, type WireAnswer } from "./cloud.ts";
import { ControlError } from "./control-error.ts";
import { isJsonObject } from "./shape.ts";

const transportFaults = ["reset", "hang", "truncated"] as const;
const plainFaults = [...transportFaults, ...serviceFailures, "malformed-json", "extra-field"] as const;
type PlainFault = (typeof plainFaults)[number];
const fieldFaults = ["missing-field", "wrong-type"] as const;
type FieldFault = (typeof fieldFaults)[number];

/** How a call fails, as control spells it: `reset`, `500`, `missing-field:KeyState`, … */
export type FaultName = PlainFault | `${FieldFault}:${string}`;

export type Fault =
  /** The socket is destroyed without an answer; no answer ever comes; the socket is destroyed in the middle of one. */
  | { readonly kind: (typeof transportFaults)[number] }
  /** A well-formed answer that says that the service failed, or that it does not take who asks for anybody. */
  | { readonly kind: ServiceFailure }
  /** The right answer with its text cut or with a field that nobody knows. */
  | { readonly kind: "malformed-json" | "extra-field" }
  /** The right answer with one field changed, wherever in it the field is. */
  | { readonly kind: FieldFault; readonly field: string };

const knownFaults = [...plainFaults, ...fieldFaults.map((name) => `${name}:<Field>`)];

/** Reads the name of a fault; throws a ControlError with the known names. */
export function parseFault(text: string, where: string): Fault {
  const plain = plainFaults.find((name) => name === text);
  if (plain !== undefined) {
    return { kind: plain };
  }
  const [head, field = ""] = text.split(":", 2);
  const kind = fieldFaults.find((name) => name === head);
  if (kind === undefined || field === "") {
    throw new ControlError("wrong-value", where, `${JSON.stringify(text)} is not known`, knownFaults);
  }
  return { kind, field };
}

/** Whether a fault changes single fields, which only an answer in JSON has. */
export function needsJson(fault: Fault): boolean {
  return fault.kind === "extra-field" || fault.kind === "missing-field" || fault.kind === "wrong-type";
}

/** Which answer of the service itself a fault asks for. */
export function serviceFailureOf(fault: Fault): ServiceFailure | undefined {
  return serviceFailures.find((name) => name === fault.kind);
}

/** An answer with a fault in its body; undefined where the answer has no such field, so that nothing was broken. */
export function spoil(answer: WireAnswer, fault: Fault): WireAnswer | undefined {
  switch (fault.kind) {
    case "malformed-json":
      return { ...answer, body: firstHalf(answer.body) };
    case "extra-field":
      return changeFields(answer, (object) => {
        object["FieldOfAnotherVersion"] = { Nested: [true, null, "text", 1.5] };
        return true;
      });
    case "missing-field":
      return changeFields(answer, (object) => Object.hasOwn(object, fault.field) && delete object[fault.field]);
    case "wrong-type":
      return changeFields(answer, (object) => {
        const there = Object.hasOwn(object, fault.field);
        if (there) {
          object[fault.field] = anotherType(object[fault.field]);
        }
        return there;
      });
    default:
      return answer;
  }
}

/** What is left of a body that was cut. */
export function firstHalf(body: string): string {
  return body.slice(0, Math.floor(body.length / 2));
}

/** Objects and lists become a text, everything else an object: no reader can take one for the other. */
function anotherType(value: unknown): unknown {
  return typeof value === "object" ? "a text where an object or a list belongs" : { Unexpected: "an object" };
}

type ObjectChange = (object: Record<string, unknown>) => boolean;

function changeFields(answer: WireAnswer, change: ObjectChange): WireAnswer | undefined {
  const body: unknown = JSON.parse(answer.body);
  return changeDeep(body, change) ? { ...answer, body: JSON.stringify(body) } : undefined;
}

/** Changes every object of a JSON value in place, the inner ones first, and tells whether anything was changed. */
function changeDeep(value: unknown, change: ObjectChange): boolean {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => changeDeep(item, change)).includes(true);
  }
  if (!isJsonObject(value)) {
    return false;
  }
  const below = Object.values(value).map((item) => changeDeep(item, change));
  return change(value) || below.includes(true);
}
