// Refused: Property 'origin' does not exist on type
import { defineCheck } from "../../../src/check/define-check.ts";
import { card } from "./card.ts";

export const check = defineCheck({
  ...card,
  scope: {
    reads: ["existence"],
    excludes({ origin }) {
      return String(origin);
    },
  },
  reads: ["origin"],
  evaluate({ origin }) {
    return { outcome: "pass", message: origin, evidence: null };
  },
});
