// The two wire protocols that the simulated services speak. Knows no operation.
import type { AnswerForm, WireAnswer, WireRequest } from "../cloud.ts";
import { isJsonObject } from "../shape.ts";
import { AwsError } from "./aws-error.ts";
import type { JsonObject } from "./aws-operation.ts";

/** What a request asks for: `TrentService` and `DescribeKey`; in the query protocol only the operation has a name. */
export interface AwsTarget {
  readonly prefix: string;
  readonly operation: string;
}

export interface AwsProtocol {
  readonly form: AnswerForm;
  readonly targetOf: (wire: WireRequest) => AwsTarget;
  readonly inputOf: (wire: WireRequest) => JsonObject;
  readonly answer: (operation: string, output: JsonObject, requestId: string) => WireAnswer;
  readonly refusal: (error: AwsError, requestId: string) => WireAnswer;
}

/** https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export const jsonProtocol: AwsProtocol = {
  form: "json",
  targetOf: ({ headers }) => {
    const target = headers["x-amz-target"] ?? "";
    const dot = target.lastIndexOf(".");
    return { prefix: target.slice(0, Math.max(0, dot)), operation: target.slice(dot + 1) };
  },
  inputOf: ({ body }) => {
    const input = body === "" ? {} : parseJson(body);
    if (!isJsonObject(input)) {
      throw new AwsError("SerializationException", "Start of structure or map found where not expected.");
    }
    return input;
  },
  answer: (_operation, output, requestId) => jsonAnswer(200, output, requestId),
  refusal: ({ code, message, status }, requestId) => jsonAnswer(status, { __type: code, message }, requestId),
};

/** https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export const queryProtocol: AwsProtocol = {
  form: "xml",
  targetOf: ({ body }) => ({ prefix: "", operation: new URLSearchParams(body).get("Action") ?? "" }),
  inputOf: ({ body }) => Object.fromEntries(new URLSearchParams(body)),
  answer: (operation, output, requestId) => {
    const result = `<${operation}Result>${xml(output)}</${operation}Result>`;
    const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
    const body = `<${operation}Response xmlns="${stsNamespace}">${result}${metadata}</${operation}Response>`;
    return xmlAnswer(200, body, requestId);
  },
  refusal: ({ code, message, status }, requestId) => {
    const error = xml({ Error: { Type: status < 500 ? "Sender" : "Receiver", Code: code, Message: message } });
    const body = `<ErrorResponse xmlns="${stsNamespace}">${error}<RequestId>${requestId}</RequestId></ErrorResponse>`;
    return xmlAnswer(status, body, requestId);
  },
};

const stsNamespace = "https://sts.amazonaws.com/doc/2011-06-15/";

/** A form is a query request; everything else is taken for JSON. */
export function protocolOf({ headers }: WireRequest): AwsProtocol {
  return headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ? queryProtocol : jsonProtocol;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError("SerializationException", "Unexpected token in the request body");
  }
}

function jsonAnswer(status: number, body: JsonObject, requestId: string): WireAnswer {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amzn-RequestId": requestId };
  return { status, headers, body: JSON.stringify(body) };
}

function xmlAnswer(status: number, body: string, requestId: string): WireAnswer {
  return { status, headers: { "content-type": "text/xml", "x-amzn-RequestId": requestId }, body };
}

function xml(value: unknown): string {
  if (isJsonObject(value)) {
    return Object.entries(value)
      .map(([name, inner]) => `<${name}>${xml(inner)}</${name}>`)
      .join("");
  }
  return String(value).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
