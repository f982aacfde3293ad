import { destination, pino } from "pino";
import type { Config } from "../config/config-schema.ts";
import { withoutTokens } from "../model/token.ts";

/** So much of the log is kept, in bytes, until it can be written: then the oldest lines are those that are told. */
const mostUnwritten = 1_048_576;

/** JSON lines on stderr; stdout is for data. Anything that is named like a secret is left out, and tokens anywhere. */
export function createLogger(level: Config["log"]["level"]) {
  const out = destination({ dest: 2, sync: true, maxLength: mostUnwritten });
  // A log on a full disk ends no service: there is nowhere else to say so, and the next line tries again.
  out.on("error", () => undefined);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ["authorization", "cookie", "token", "secret", "password", "credentials"].flatMap((name) => [
          name,
          `*.${name}`,
          `*.*.${name}`,
        ]),
        censor: "[redacted]",
      },
      hooks: { streamWrite: withoutTokens },
    },
    out,
  );
}
