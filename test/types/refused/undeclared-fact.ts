// Refused: Property 'origin' does not exist on type
import { defineCheck } from "../../../src/check/define-check.ts";
import { card } from "./card.ts";

export const check = defineCheck({
  ...card,
  reads: ["state"],
  evaluate({ origin }) {
    return { outcome: "pass", message: String(origin), evidence: null };
  },
});
