/** Revisions of the documented rules, oldest first. Public contract: values of the configuration and of findings. */
export const guidanceRevisions = ["2026-06", "2026-07", "2026-09"] as const;
export type GuidanceRevision = (typeof guidanceRevisions)[number];

/** What is judged by where nobody says otherwise. */
export const newestGuidance: GuidanceRevision = "2026-09";
