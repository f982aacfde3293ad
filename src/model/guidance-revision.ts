/** The revisions of the documented rules that this version has, oldest first. Public contract: a configuration value. */
export const guidanceRevisions = ["2026-06", "2026-07", "2026-09"] as const;
export type GuidanceRevision = (typeof guidanceRevisions)[number];

/** The revision that holds where nothing else is said. */
export const newestGuidance = "2026-09" satisfies GuidanceRevision;
