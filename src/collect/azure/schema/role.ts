/** What is used of a role's definition, and nothing else. */
import { z } from "zod";
import type { AzureRole } from "../../../model/azure.ts";
import type { Fact } from "../../../model/fact.ts";
import type { Json } from "../../../model/json.ts";
import { whole } from "../../field.ts";
import { canonical, permissions, text } from "./parts.ts";

const role = z
  .object({ properties: z.object({ roleName: text, type: text, permissions: z.array(permissions) }) })
  .transform(
    ({ properties }) =>
      ({
        name: properties.roleName,
        type: properties.type,
        permissions: canonical(properties.permissions),
      }) satisfies AzureRole,
  );

/** https://learn.microsoft.com/en-us/rest/api/authorization/role-definitions/get-by-id */
export function roleFact(answer: unknown): Fact<Json> {
  return whole(answer, role);
}
