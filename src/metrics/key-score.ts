import { catalogue } from "./catalogue.ts";
import { sample } from "./exposition.ts";
import type { KeyFamily } from "./key-family.ts";

const metric = catalogue.key_score;

/** Without a check that applies there is no score, and neither 0 nor 100 would be true. */
export const keyScore: KeyFamily = {
  metric,
  render: ({ provider, name, score }) => (score === null ? "" : sample(metric, { provider, key: name }, score)),
};
