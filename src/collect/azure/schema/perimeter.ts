/** What is used of a vault's network security perimeters: https://learn.microsoft.com/en-us/azure/private-link/network-security-perimeter-concepts */
import { z } from "zod";
import type { AzurePerimeter, AzurePerimeterRule } from "../../../model/azure.ts";
import type { Page } from "../../all-pages.ts";
import { canonical, page, perhapsTexts, text } from "./parts.ts";

const rule = z
  .object({ name: text, properties: z.object({ direction: text, addressPrefixes: perhapsTexts }) })
  .transform(
    ({ name, properties }) =>
      ({
        name,
        direction: properties.direction,
        address_prefixes: properties.addressPrefixes,
      }) satisfies AzurePerimeterRule,
  );

const perimeter = z
  .object({
    name: text,
    properties: z.object({
      resourceAssociation: z.object({ accessMode: text }),
      profile: z.object({ accessRules: z.array(rule).nullish() }).nullish(),
    }),
  })
  .transform(
    ({ name, properties }) =>
      ({
        name,
        access_mode: properties.resourceAssociation.accessMode,
        rules: canonical(properties.profile?.accessRules ?? []),
      }) satisfies AzurePerimeter,
  );

/** One page of them. */
export function perimetersPage(answer: unknown) {
  return page(answer, perimeter) satisfies Page<AzurePerimeter>;
}
