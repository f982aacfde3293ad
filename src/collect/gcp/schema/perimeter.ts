/** What is used of Access Context Manager's answers, and nothing else: https://cloud.google.com/access-context-manager/docs/reference/rest */
import { z } from "zod";
import type { GcpAccessCondition, GcpAccessLevel, GcpIngressRule, GcpPerimeter } from "../../../model/gcp.ts";
import type { Page } from "../../all-pages.ts";
import { canonical, restPage, text, texts } from "./parts.ts";

const none: string[] = [];

/** One page of the names of access policies: the one of the organization, and those of single folders and projects. */
export function accessPolicyNamesPage(answer: unknown): Page<string> {
  const name = z.string().regex(/^accessPolicies\/[^/]+$/, { error: "expected the name of an access policy" });
  return restPage(
    answer,
    "accessPolicies",
    z.object({ name }).transform((policy) => policy.name),
  );
}

const operation = z
  .object({
    serviceName: text,
    methodSelectors: z.array(z.union([z.object({ method: text }), z.object({ permission: text })])).default([]),
  })
  .transform((one) => ({
    service: one.serviceName,
    selectors: canonical(
      one.methodSelectors.map((selector) => ("method" in selector ? selector.method : selector.permission)),
    ),
  }));

const source = z.union([z.object({ accessLevel: text }), z.object({ resource: text })]);

/** Rules that let roles in, and whatever else is added, are not understood: then nobody knows what the rule lets in. */
const ingressRule = z
  .object({
    ingressFrom: z
      .strictObject({
        sources: z.array(source).default([]),
        identities: texts.default(none),
        identityType: z.string().optional(),
      })
      .optional(),
    ingressTo: z
      .strictObject({ operations: z.array(operation).default([]), resources: texts.default(none) })
      .optional(),
  })
  .transform(({ ingressFrom, ingressTo }) => {
    const sources = ingressFrom?.sources ?? [];
    const type = ingressFrom?.identityType ?? "IDENTITY_TYPE_UNSPECIFIED";
    return {
      identity_type: type === "IDENTITY_TYPE_UNSPECIFIED" ? null : type,
      identities: ingressFrom?.identities ?? [],
      source_access_levels: canonical(sources.flatMap((one) => ("accessLevel" in one ? [one.accessLevel] : []))),
      source_resources: canonical(sources.flatMap((one) => ("resource" in one ? [one.resource] : []))),
      target_resources: ingressTo?.resources ?? [],
      operations: canonical(ingressTo?.operations ?? []),
    } satisfies GcpIngressRule;
  });

/** A perimeter that is only tried out has no `status`, and enforces nothing. */
const perimeter = z
  .object({
    name: text,
    title: z.string().default(""),
    status: z
      .object({
        resources: texts.default(none),
        restrictedServices: texts.default(none),
        accessLevels: texts.default(none),
        ingressPolicies: z.array(ingressRule).default([]),
      })
      .optional(),
  })
  .transform(
    ({ name, title, status }) =>
      ({
        name,
        title,
        resources: status?.resources ?? [],
        restricted_services: status?.restrictedServices ?? [],
        access_levels: status?.accessLevels ?? [],
        ingress: canonical(status?.ingressPolicies ?? []),
      }) satisfies GcpPerimeter,
  );

/** One page of ListServicePerimeters. Throws `Refused` where it is not as documented, as the others do. */
export function perimetersPage(answer: unknown) {
  return restPage(answer, "servicePerimeters", perimeter) satisfies Page<GcpPerimeter>;
}

const condition = z
  .looseObject({
    ipSubnetworks: texts.default(none),
    members: texts.default(none),
    requiredAccessLevels: texts.default(none),
    negate: z.boolean().default(false),
  })
  .transform(({ ipSubnetworks, members, requiredAccessLevels, negate, ...more }) => {
    return {
      ip_ranges: ipSubnetworks,
      members,
      required_levels: requiredAccessLevels,
      negate,
      asks_more: Object.keys(more).length > 0,
    } satisfies GcpAccessCondition;
  });

const accessLevel = z
  .object({
    name: text,
    basic: z
      .object({ conditions: z.array(condition).default([]), combiningFunction: z.enum(["AND", "OR"]).default("AND") })
      .optional(),
    custom: z.object({ expr: z.object({ expression: text }) }).optional(),
  })
  .refine(({ basic, custom }) => (basic === undefined) !== (custom === undefined), {
    error: "expected an access level that is either basic or custom",
  })
  .transform(
    ({ name, basic, custom }) =>
      ({
        name,
        custom: custom?.expr.expression ?? null,
        combining: basic?.combiningFunction ?? "AND",
        conditions: canonical(basic?.conditions ?? []),
      }) satisfies GcpAccessLevel,
  );

/** One page of ListAccessLevels. */
export function accessLevelsPage(answer: unknown) {
  return restPage(answer, "accessLevels", accessLevel) satisfies Page<GcpAccessLevel>;
}
