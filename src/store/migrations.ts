/** The numbered set, in order. A migration that was released is never changed. */
import * as initial from "../../migrations/0001-initial.ts";

export const migrations = {
  "0001-initial": initial,
};
