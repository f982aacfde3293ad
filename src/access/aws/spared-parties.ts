/** Whom the Deny statements of a policy leave a statement for everybody to: named by what does not hit them. */
import type { AwsPolicyAccess, AwsStatement } from "../../model/aws-access.ts";
import { anybodyIn } from "./anybody.ts";
import type { Home } from "./caller-context.ts";
import { isForAnybody, type NamedParty, whomValuesName } from "./named-parties.ts";
import { lettingStatements } from "./operations-let-through.ts";
import type { Moment } from "./request-at.ts";

/** Each with the statements for everybody that let no stranger in; one that does is told of everybody. */
export function sparedParties(access: AwsPolicyAccess, moment: Moment): readonly NamedParty[] {
  const { home, policy } = access;
  const spared = policy.statements.flatMap((statement) => sparedBy(statement, home));
  if (spared.length === 0) return [];
  const letting = anybodyIn(home.partition).flatMap((caller) => lettingStatements(access, caller, moment));
  const open = new Set(letting.map(({ statement }) => statement));
  const statements = policy.statements.filter(
    (statement) => statement.effect === "Allow" && isForAnybody(statement, home) && !open.has(statement),
  );
  const distinct = new Map(spared.map((who) => [`${who.kind} ${who.text}`, who]));
  return [...distinct.values()].map((who) => ({ who, statements }));
}

function sparedBy({ effect, principals, conditions }: AwsStatement, home: Home): readonly NamedParty["who"][] {
  if (effect === "Allow") return [];
  const listed = principals?.negated === true ? principals.values : [];
  const negated = conditions.filter(({ base }) => base?.includes("Not") === true);
  return [
    ...listed.filter(({ kind }) => kind !== "anyone"),
    ...negated.flatMap((condition) => whomValuesName(condition, home)),
  ];
}
