// Refused: Type '"no_such_fact"' is not assignable to type
import { defineCheck } from "../../../src/check/define-check.ts";
import { card } from "./card.ts";

export const check = defineCheck({
  ...card,
  reads: ["no_such_fact"],
  evaluate() {
    return { outcome: "pass", message: "m", evidence: null };
  },
});
