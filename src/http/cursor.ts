import { hash } from "node:crypto";
import type { z } from "zod";
import { OperatorError } from "../errors/operator-error.ts";

/**
 * Where a page begins, as opaque text. The checksum is no secret: a cursor grants nothing that its query would not. It
 * keeps a damaged one from answering another question.
 */
export function encodeCursor(kind: string, content: object): string {
  const text = Buffer.from(JSON.stringify(content)).toString("base64url");
  return `${checksum(kind, text)}${text}`;
}

/** Throws `cursor-invalid` for what `encodeCursor` did not make of this kind. */
export function decodeCursor<T extends z.ZodType>(kind: string, cursor: string, schema: T): z.output<T> {
  const text = cursor.slice(checksumLength);
  if (cursor.slice(0, checksumLength) !== checksum(kind, text)) {
    throw new OperatorError("cursor-invalid", "The cursor was not made here, or has been changed.");
  }
  const parsed = schema.safeParse(contentOf(text));
  // Made by another version, which knew other filters, or by hand.
  if (!parsed.success) throw new OperatorError("cursor-invalid", "The cursor was made by another version.");
  return parsed.data;
}

/** Undefined for what is no JSON: the checksum is no secret, and anybody may have made it. */
function contentOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const checksumLength = 12;

function checksum(kind: string, text: string): string {
  return hash("sha256", `${kind}\n${text}`, "base64url").slice(0, checksumLength);
}
