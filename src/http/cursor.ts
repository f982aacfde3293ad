import { createHash } from "node:crypto";
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
  const content: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
  const parsed = schema.safeParse(content);
  // Made by another version, which knew other filters.
  if (!parsed.success) throw new OperatorError("cursor-invalid", "The cursor was made by another version.");
  return parsed.data;
}

const checksumLength = 12;

function checksum(kind: string, text: string): string {
  return createHash("sha256").update(`${kind}\n${text}`).digest("base64url").slice(0, checksumLength);
}
