import { z } from "zod";

/** Members of whatever has a score. */
export const scoreShape = {
  score: z
    .int()
    .nullable()
    .describe(
      "From 0 to 100: the share of weight that passes; at most 39 while a critical check fails. Null where no check applies.",
    ),
  unknown_share: z
    .number()
    .nullable()
    .describe("From 0 to 1: the share of weight that could not be judged. It counts as not passed."),
};
