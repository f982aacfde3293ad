// Refused: is not assignable to type 'Verdict'
import { defineCheck } from "../../../src/check/define-check.ts";
import { card } from "./card.ts";

export const check = defineCheck({
  ...card,
  reads: ["state"],
  async evaluate({ state }) {
    return { outcome: "pass", message: state, evidence: null };
  },
});
