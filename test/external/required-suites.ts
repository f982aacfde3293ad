import { existsSync } from "node:fs";
import { join } from "node:path";

/** The suites that must run here, from `KEYPOSTURE_REQUIRE`: there, what would be skipped fails. */
export function requiredSuites(): string[] {
  return (process.env.KEYPOSTURE_REQUIRE ?? "").split(",").filter((name) => name !== "");
}

/** Once before the external suites: a required suite that does not exist must not go unnoticed. */
export function setup(): void {
  for (const name of requiredSuites()) {
    if (!existsSync(join(import.meta.dirname, `${name}.test.ts`))) {
      throw new Error(`KEYPOSTURE_REQUIRE names ${name}, and there is no test/external/${name}.test.ts`);
    }
  }
}
