/** How often a fact is read. */
export const lanes = ["fast", "full", "evidence", "inventory"] as const;
export type Lane = (typeof lanes)[number];

/** The lanes that read keys in this version. A full run also reads what the fast lane reads. */
export const scanLanes = ["fast", "full"] as const satisfies readonly Lane[];
export type ScanLane = (typeof scanLanes)[number];

/** How much of a budget that lanes share each may plan with: a long full run must never starve the fast lane. */
export const laneShares: Readonly<Record<ScanLane, number>> = { fast: 0.6, full: 0.3 };
