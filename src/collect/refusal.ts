import type { UnreadableReason } from "../model/fact.ts";

/** Why a request got no answer, as a provider's `classify-error.ts` reads it from what the SDK threw. */
export interface Refusal {
  readonly reason: UnreadableReason;
  readonly detail: string;
  /** Whether asking again may help: after a pause of the whole budget, after a moment, or never. */
  readonly again: "when-allowed" | "soon" | "no";
  /** What the provider asked for, in milliseconds. */
  readonly retry_after?: number;
  /** What was refused, where that is not the call that was to tell: one before it, or the credentials behind all. */
  readonly call?: string;
  /** The full name of what is not there, where the provider said which. */
  readonly absent?: string;
  /** The permission that is missing, where the provider named another one than the call needs; null where none is. */
  readonly permission?: string | null;
  /** What is wrong with the credentials, where they are the reason. No permission helps then. */
  readonly credentials?: "missing" | "expired" | "invalid";
}

/** Thrown by readers for an expected failure. Whatever else is thrown is a bug, and goes on being one. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, cause?: unknown) {
    super(`${refusal.reason}: ${refusal.detail}`, { cause });
    this.name = "Refused";
    this.refusal = refusal;
  }
}
