import { z } from "zod";
import { unreadableReasons } from "../../model/fact.ts";

/** How something was seen: seen, or why not. */
export const sightSchema = z.enum(["seen", "not-observed", ...unreadableReasons]).meta({
  id: "Sight",
  description: "How something was seen. `not-observed`: nobody looked then, before the first read or while down.",
});
