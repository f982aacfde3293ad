/** How often a fact is read. */
export const lanes = ["fast", "full", "evidence", "inventory"] as const;
export type Lane = (typeof lanes)[number];

/** The lanes that read keys in this version. A full run also reads what the fast lane reads. */
export const scanLanes = ["fast", "full"] as const satisfies readonly Lane[];
export type ScanLane = (typeof scanLanes)[number];
