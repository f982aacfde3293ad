import { z } from "zod";
import { roles, stateOfToken, type Token, tokenNameForm, tokenNamePattern } from "../../model/token.ts";
import { momentSchema, time, timeOrNull, timeSchema } from "./time.ts";

const roleSchema = z.enum(roles, { error: `one of ${roles.join(", ")}` });

export const newTokenSchema = z
  .strictObject({
    name: z
      .string({ error: tokenNameForm })
      .regex(tokenNamePattern, { error: tokenNameForm })
      .describe("For whom or what it is. Stands in the log where a request of it is refused."),
    role: roleSchema.describe("What it may do: each role may also do what those before it may."),
    expires_at: momentSchema
      .nullable()
      .optional()
      .describe("The first moment at which it is of no use. Default: in 90 days. Null: never."),
  })
  .meta({ id: "NewToken" });

const tokenFields = {
  id: z.string().describe("Part of the token's text, and no secret; `file:<name>` for a token of the file."),
  name: z.string(),
  role: roleSchema,
  source: z.enum(["database", "file"]).describe("One of the file changes only there."),
  state: z.enum(["live", "expired", "revoked"]),
  created_at: timeSchema.nullable().describe("Null where the file does not say."),
  expires_at: timeSchema.nullable(),
  revoked_at: timeSchema.nullable(),
  last_used_at: timeSchema.nullable().describe("To the minute. Of a token of the file: since the service started."),
};

const tokenBodySchema = z
  .object(tokenFields)
  .meta({ id: "Token", description: "What lets somebody ask, without its text." });
type TokenBody = z.output<typeof tokenBodySchema>;

export const createdTokenSchema = z
  .object({ token: z.string().describe("The text to send. It is told this once."), ...tokenFields })
  .meta({ id: "CreatedToken" });

export const tokensSchema = z
  .object({ tokens: z.array(tokenBodySchema).describe("By name, those that are expired or revoked included.") })
  .meta({ id: "Tokens" });

export function tokenBody(token: Token, at: number): TokenBody {
  const { id, name, role, source, created_at, expires_at, revoked_at, last_used_at } = token;
  return {
    id,
    name,
    role,
    source,
    state: stateOfToken(token, at),
    created_at: timeOrNull(created_at),
    expires_at: timeOrNull(expires_at),
    revoked_at: timeOrNull(revoked_at),
    last_used_at: timeOrNull(last_used_at),
  };
}

/** How a moment that has passed is refused. */
export function pastExpiry(at: number): string {
  return `expected a moment after ${time(at)}, or null for never`;
}
