// Refused: Type '"unknown"' is not assignable to type '"fail"'
import { defineCheck } from "../../../src/check/define-check.ts";
import { card } from "./card.ts";

export const check = defineCheck({
  ...card,
  reads: ["state"],
  evaluate({ state }) {
    return { outcome: "unknown", message: state, evidence: null };
  },
});
