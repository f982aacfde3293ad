import { describe, expect, it } from "vitest";
import { type ErrorCode, errorCodes } from "../../src/errors/error-codes.ts";
import { OperatorError, toProblem } from "../../src/errors/operator-error.ts";
import { processErrors } from "../../src/errors/process-errors.ts";
import { requestErrors } from "../../src/errors/request-errors.ts";

const rows = Object.entries(errorCodes) as [ErrorCode, (typeof errorCodes)[ErrorCode]][];

describe.each(rows)("%s", (code, { title, status, exit, meaning, remedy }) => {
  it("is a kebab-case name", () => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it("can be met, by a request or by a command", () => {
    expect(status ?? exit).not.toBeNull();
    if (status !== null) expect(status).toBeGreaterThanOrEqual(400);
    if (status !== null) expect(status).toBeLessThan(600);
  });

  it("has a short title, and whole sentences on what it means and what to do", () => {
    expect(title).toMatch(/^[A-Za-z_][^\n]{2,58}[^.\n]$/);
    expect(meaning).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  });
});

it("no code stands in two parts of the list", () => {
  expect(rows).toHaveLength(Object.keys(processErrors).length + Object.keys(requestErrors).length);
});

it("no two codes have one title", () => {
  expect(new Set(rows.map(([, { title }]) => title)).size).toBe(rows.length);
});

it("an unknown code does not compile", () => {
  // @ts-expect-error: the list is closed.
  const error = new OperatorError("no-such-code", "");
  expect(() => toProblem(error)).toThrow(TypeError);
});

describe("toProblem", () => {
  it("is a problem document with the places that are wrong", () => {
    const error = new OperatorError("invalid-body", "two fields are wrong", {
      errors: [
        { pointer: "/name", detail: "expected text" },
        { pointer: "/labels/a", detail: "expected text" },
      ],
    });
    expect(toProblem(error)).toEqual({
      type: "/problems/invalid-body",
      title: "Invalid request body",
      status: 400,
      detail: "two fields are wrong",
      code: "invalid-body",
      errors: [
        { pointer: "/name", detail: "expected text" },
        { pointer: "/labels/a", detail: "expected text" },
      ],
    });
  });

  it("leaves errors out where there is nothing to list", () => {
    expect(toProblem(new OperatorError("not-ready", "starting"))).not.toHaveProperty("errors");
  });

  it("says nothing of the cause", () => {
    const problem = toProblem(new OperatorError("internal-error", "a fault", { cause: new Error("hunter2") }));
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  });

  it("is a 500 for what no request should meet", () => {
    expect(toProblem(new OperatorError("config-invalid", "")).status).toBe(500);
  });
});

describe("OperatorError", () => {
  it("keeps its cause and ends a command with the exit code of its code", () => {
    const cause = new Error("EADDRINUSE");
    const error = new OperatorError("port-in-use", "127.0.0.1:8080", { cause });
    expect(error).toMatchObject({ name: "OperatorError", message: "127.0.0.1:8080", exit: 2, cause });
  });

  it("ends a command with 70 on a fault of the program, and with 2 where the code has no exit code", () => {
    expect(new OperatorError("internal-error", "").exit).toBe(70);
    expect(new OperatorError("key-exists", "").exit).toBe(2);
  });
});
