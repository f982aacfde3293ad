// Refused: Property 'value' does not exist on type 'Unreadable'
import { defineCheck } from "../../../src/check/define-check.ts";
import { card } from "./card.ts";

export const check = defineCheck({
  ...card,
  reads: ["state"],
  mayRead: ["origin"],
  evaluate({ origin }) {
    return { outcome: "pass", message: origin.value, evidence: null };
  },
});
