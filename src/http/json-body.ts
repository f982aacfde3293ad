import { OperatorError } from "../errors/operator-error.ts";
import type { HttpServer } from "./http-server.ts";

/** Reads bodies as the framework does, which calls JSON with a name that it forbids no JSON. */
export function readJsonBodies(app: HttpServer): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, text, done) => {
    void parse(request, text, (error, body) => {
      done(error !== null && isJson(text) ? forbiddenName() : error, body);
    });
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ""));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function forbiddenName(): OperatorError {
  return new OperatorError("invalid-body", "The body has a field named __proto__, or constructor with a prototype.");
}
