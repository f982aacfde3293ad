import { type AnswerForm, type ServiceFailure, serviceFailures, type WireAnswer } from "./cloud.ts";
import { ControlError } from "./control-error.ts";
import { isJsonObject } from "./shape.ts";

const transportFaults = ["reset", "hang", "truncated"] as const;
const bodyFaults = ["malformed-json", "malformed-message", "extra-field"] as const;
const plainFaults = [...transportFaults, ...serviceFailures, ...bodyFaults] as const;
type PlainFault = (typeof plainFaults)[number];
const fieldFaults = ["missing-field", "wrong-type"] as const;
type FieldFault = (typeof fieldFaults)[number];

/** How a call fails, as control spells it: `reset`, `500`, `missing-field:KeyState`, … */
export type FaultName = PlainFault | `${FieldFault}:${string}`;

export type Fault =
  /** The call is cut off without an answer; no answer ever comes; the connection is cut in the middle of one. */
  | { readonly kind: (typeof transportFaults)[number] }
  /** A well-formed answer that says that the service failed, or that it does not take who asks for anybody. */
  | { readonly kind: ServiceFailure }
  /** The right answer with its text cut, with bytes that are no message, or with a field that nobody knows. */
  | { readonly kind: (typeof bodyFaults)[number] }
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

/** The faults that not every answer can have. */
const formsOf: Readonly<Partial<Record<Fault["kind"], readonly AnswerForm[]>>> = {
  "malformed-json": ["json", "xml"],
  "malformed-message": ["protobuf"],
  "extra-field": ["json", "protobuf"],
  "missing-field": ["json", "protobuf"],
  "wrong-type": ["json"],
};

/** Whether an answer that is written so can have a fault. */
export function canHave(form: AnswerForm, fault: Fault): boolean {
  return formsOf[fault.kind]?.includes(form) ?? true;
}

/** Which answer of the service itself a fault asks for. */
export function serviceFailureOf(fault: Fault): ServiceFailure | undefined {
  return serviceFailures.find((name) => name === fault.kind);
}

/** An HTTP answer with a fault in its body; undefined where the answer has no such field, so that nothing was broken. */
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
      return changeFields(answer, (object) => removeField(object, fault.field));
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

/** Removes a field, and tells whether it was there. */
export function removeField(object: Record<string, unknown>, field: string): boolean {
  return Object.hasOwn(object, field) && delete object[field];
}

function changeFields(answer: WireAnswer, change: ObjectChange): WireAnswer | undefined {
  const body: unknown = JSON.parse(answer.body);
  return changeDeep(body, change) ? { ...answer, body: JSON.stringify(body) } : undefined;
}

/** Changes every object of a JSON value in place, the inner ones first, and tells whether anything was changed. */
export function changeDeep(value: unknown, change: ObjectChange): boolean {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => changeDeep(item, change)).includes(true);
  }
  if (!isJsonObject(value)) {
    return false;
  }
  const below = Object.values(value).map((item) => changeDeep(item, change));
  return change(value) || below.includes(true);
}
