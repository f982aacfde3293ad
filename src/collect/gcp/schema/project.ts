/** What is used of the answers about a project, and nothing else. Fields that are not named here may come and go. */
import { z } from "zod";
import type { Fact } from "../../../model/fact.ts";
import type { GcpBilling, GcpProject, GcpServiceState } from "../../../model/gcp.ts";
import type { Json } from "../../../model/json.ts";
import { whole } from "../../field.ts";
import { blankToNull, restWord, text, word } from "./parts.ts";

const project = z
  .object({
    name: z.string().regex(/^projects\/\d+$/, { error: "expected projects/<number>" }),
    projectId: text,
    state: word,
    parent: z.string().nullish(),
  })
  .transform(
    (one) =>
      ({
        id: one.projectId,
        number: one.name.slice("projects/".length),
        state: one.state,
        parent: blankToNull(one.parent),
      }) satisfies GcpProject,
  );

/** https://cloud.google.com/resource-manager/reference/rest/v3/projects */
export function projectFact(answer: unknown): Fact<Json> {
  return whole(answer, project);
}

const ancestry = z
  .object({ ancestor: z.array(z.object({ resourceId: z.object({ type: text, id: text }) })).min(1) })
  .transform(({ ancestor }, issues) => {
    // From the project itself upwards: folders, which are always in an organization.
    const [self, ...above] = ancestor.map(({ resourceId }) => resourceId);
    const isWhole = above.every(({ type }, index) => type === (index + 1 < above.length ? "folder" : "organization"));
    if (self?.type === "project" && isWhole) return above.map(({ type, id }) => `${type}s/${id}`);
    const told = ancestor.map(({ resourceId }) => resourceId.type).join(", ");
    issues.addIssue({ code: "custom", message: `unexpected in an ancestry: ${told}` });
    return z.NEVER;
  });

/** https://cloud.google.com/resource-manager/reference/rest/v1/projects/getAncestry */
export function ancestorsFact(answer: unknown): Fact<readonly string[]> {
  return whole(answer, ancestry);
}

const service = z
  .object({
    name: z.string().regex(/\/services\/[^/]+$/, { error: "expected the name of a service" }),
    state: restWord,
  })
  .transform(
    (one) => ({ service: one.name.slice(one.name.lastIndexOf("/") + 1), state: one.state }) satisfies GcpServiceState,
  );

/** https://cloud.google.com/service-usage/docs/reference/rest/v1/services */
export function serviceFact(answer: unknown): Fact<Json> {
  return whole(answer, service);
}

/** Google writes `billingEnabled` in either case, so that one without it does not mean false. */
const billing = z
  .object({ billingEnabled: z.boolean(), billingAccountName: z.string().nullish() })
  .transform(
    (one) => ({ enabled: one.billingEnabled, account: blankToNull(one.billingAccountName) }) satisfies GcpBilling,
  );

/** https://cloud.google.com/billing/docs/reference/rest/v1/ProjectBillingInfo */
export function billingFact(answer: unknown): Fact<Json> {
  return whole(answer, billing);
}
