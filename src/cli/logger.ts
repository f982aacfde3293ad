import { destination, pino } from "pino";
import type { Config } from "../config/config-schema.ts";
import { withoutTokens } from "../model/token.ts";

/** JSON lines on stderr; stdout is for data. Anything that is named like a secret is left out, and tokens anywhere. */
export function createLogger(level: Config["log"]["level"]) {
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
    destination({ dest: 2, sync: true }),
  );
}
