/** The encryption contexts of the requests that Anthropic makes, and of those that it never should. */
import {
  type AwsEncryptionContextRules,
  compartmentPair,
  organizationPair,
  validationCompartment,
} from "../../guidance/aws-encryption-context.ts";
import type { AwsPolicy } from "../../model/aws-access.ts";
import type { Registration } from "../../model/registration.ts";
import { contextValuesLetIn, isContextKey, isUuid } from "./listed-context-values.ts";

export type EncryptionContext = Readonly<Record<string, string>>;

/**
 * A value that requests carry, and who says so: the registration; else a well-formed value of the policy may be it, or one
 * of a pattern's form, or one that nobody wrote anywhere.
 */
export interface ContextChoice {
  readonly value: string;
  readonly source: "registration" | "policy" | "pattern" | "nobody";
}

/**
 * What the requests carry under each pair, or null where they carry none. Registered values are all meant; of others at
 * least one is.
 */
export interface Traffic {
  readonly organizations: readonly ContextChoice[] | null;
  readonly compartments: readonly ContextChoice[] | null;
}

/** Values that no policy holds, since nobody has them. */
export const unlistedOrganization = "5e0f0c1a-7b3d-4c2e-9f48-a61d27b0e3c5";
export const unlistedCompartment = "a4d92b6e-0c57-4e81-b3fa-1f6e8c07d295";

/** The requests of the workspaces that use the key, as far as the registration and these policies tell which they are. */
export function workspaceTraffic(
  { organization }: Pick<AwsEncryptionContextRules, "organization">,
  registration: Pick<Registration, "organizations" | "compartments">,
  policies: readonly AwsPolicy[],
): Traffic {
  return {
    organizations: organization ? organizationChoices(registration, policies) : null,
    compartments: compartmentChoices(registration, policies),
  };
}

/** The organizations that are registered; where none is, one that nobody has, and those that the policies let in. */
export function organizationChoices(
  { organizations }: Pick<Registration, "organizations">,
  policies: readonly AwsPolicy[],
): readonly ContextChoice[] {
  return choices(organizations, policies, organizationPair, unlistedOrganization);
}

/** As `organizationChoices`, for the compartments of workspaces. */
export function compartmentChoices(
  { compartments }: Pick<Registration, "compartments">,
  policies: readonly AwsPolicy[],
): readonly ContextChoice[] {
  return choices(compartments, policies, compartmentPair, unlistedCompartment);
}

function choices(
  registered: readonly string[],
  policies: readonly AwsPolicy[],
  pair: string,
  unlisted: string,
): readonly ContextChoice[] {
  if (registered.length > 0) return registered.map((value) => ({ value, source: "registration" }));
  const listed = policies.flatMap((policy) => contextValuesLetIn(policy, pair));
  // Requests carry lower case, however a policy writes it; validation's own compartment is no workspace's.
  const uuids = listed.filter(({ kind }) => kind === "uuid").map(({ value }) => value.toLowerCase());
  return [
    { value: unlisted, source: "nobody" },
    ...distinct(uuids.filter((value) => value !== validationCompartment)).map(
      (value): ContextChoice => ({ value, source: "policy" }),
    ),
    ...policies
      .flatMap((policy) => ofPatterns(policy, pair, unlisted))
      .map((value): ContextChoice => ({ value, source: "pattern" })),
  ];
}

/** A context that Anthropic sends for nobody of the customer's, in words and as it is. */
export interface UnlistedContext {
  readonly told: string;
  readonly context: EncryptionContext;
}

/**
 * No context, and every combination of values that the policy does not list, those of its patterns' form included: a
 * wildcard lists nothing.
 */
export function unlistedContexts(policy: AwsPolicy): readonly UnlistedContext[] {
  const organizations = unlistedOrganizations(policy);
  const compartments = [unlistedCompartment, ...ofPatterns(policy, compartmentPair, unlistedCompartment)];
  return [
    { told: "no encryption context", context: {} },
    ...compartments.map((value) => ({
      told: "a compartment that is not listed",
      context: { [compartmentPair]: value },
    })),
    ...organizations.map((value) => ({
      told: "an organization that is not listed",
      context: { [organizationPair]: value },
    })),
    ...organizations.flatMap((organization) =>
      compartments.map((compartment) => ({
        told: "an organization and a compartment that are not listed",
        context: { [organizationPair]: organization, [compartmentPair]: compartment },
      })),
    ),
  ];
}

/** Organizations that the policy does not list, one for each of its patterns among them. */
export function unlistedOrganizations(policy: AwsPolicy): readonly string[] {
  return [unlistedOrganization, ...ofPatterns(policy, organizationPair, unlistedOrganization)];
}

/**
 * Compartments that a policy lists, as it writes them: of those that the same conditions name one, since no condition tells
 * them apart; all of them where one has a pattern.
 */
export function listedCompartments(policy: AwsPolicy): readonly string[] {
  const listed = contextValuesLetIn(policy, compartmentPair);
  const uuids = distinct(listed.filter(({ kind }) => kind === "uuid").map(({ value }) => value));
  if (listed.some(({ kind }) => kind === "pattern")) return uuids;
  const conditions = policy.statements
    .flatMap((statement) => statement.conditions)
    .filter(({ key }) => isContextKey(key, compartmentPair))
    .map(({ values }) => new Set(values.map((value) => value.toLowerCase())));
  const positionOf = (uuid: string) => conditions.map((values) => values.has(uuid.toLowerCase())).join();
  return [...new Map(uuids.toReversed().map((uuid) => [positionOf(uuid), uuid])).values()].toReversed();
}

function ofPatterns(policy: AwsPolicy, pair: string, unlisted: string): readonly string[] {
  const patterns = contextValuesLetIn(policy, pair).filter(({ kind }) => kind === "pattern");
  const made = patterns.map(({ value }) => uuidOfForm(value, unlisted)).filter((value) => value !== undefined);
  return distinct(made).filter((value) => value !== unlisted);
}

/** A UUID that begins and ends as the pattern does, and is otherwise this one; undefined where the pattern allows none. */
function uuidOfForm(pattern: string, uuid: string): string | undefined {
  const [head = "", ...rest] = pattern.split("*");
  const tail = rest.at(-1) ?? "";
  if (head.length + tail.length > uuid.length) return undefined;
  const filled = head + uuid.slice(head.length, uuid.length - tail.length) + tail;
  const text = filled.replaceAll("?", (_, at: number) => uuid.charAt(at));
  return isUuid(text) ? text : undefined;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
