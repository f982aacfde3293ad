import { claudePlatformOnAwsService } from "../../guidance/identifiers.ts";
import type { Home } from "./caller-context.ts";
import { isExpectedPrincipal } from "./known-principals.ts";
import type { NamedParty } from "./named-parties.ts";
import { principalClass } from "./principal-class.ts";

/**
 * Whether a party is from outside, no other check's to judge, and not among `expected` (`expected_principals` of the
 * registration). A whole organization is from outside, the own one too.
 */
export function isUnexpectedParty(who: NamedParty["who"], expected: readonly string[], home: Home): boolean {
  if (expected.includes(who.text) || who.text === claudePlatformOnAwsService) return false;
  if (who.kind === "organization") return true;
  const kind = principalClass(who, home);
  return (kind === "foreign" || kind === "service") && !isExpectedPrincipal(who, expected, home);
}
