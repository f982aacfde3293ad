/** The numbered set, in order. A migration that was released is never changed. */
import * as initial from "../../migrations/0001-initial.ts";
import * as momentOfLastChange from "../../migrations/0002-moment-of-last-change.ts";
import * as whatHeldApart from "../../migrations/0003-what-held-apart.ts";
import * as listsFromColumns from "../../migrations/0004-lists-from-columns.ts";

export const migrations = {
  "0001-initial": initial,
  "0002-moment-of-last-change": momentOfLastChange,
  "0003-what-held-apart": whatHeldApart,
  "0004-lists-from-columns": listsFromColumns,
};
