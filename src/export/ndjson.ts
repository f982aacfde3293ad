/** One finding on each line, as the API tells it: https://github.com/ndjson/ndjson-spec */
import type { Portions } from "./exported-finding.ts";

export async function* writeNdjson(portions: Portions): AsyncGenerator<string, void, undefined> {
  for await (const findings of portions) {
    yield findings.map(({ body }) => `${JSON.stringify(body)}\n`).join("");
  }
}
