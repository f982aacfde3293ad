/** What is used of AWS Organizations' answers, and nothing else. Fields that are not named here may come and go. */
import { z } from "zod";
import type { Page } from "../../all-pages.ts";
import { expected, perhaps } from "../../field.ts";
import { text } from "./parts.ts";

const account = z.string().regex(/^\d{12}$/, { error: "expected an account of 12 digits" });

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html; null where there is none. */
export function organizationOf(answer: unknown): { id: string; management_account: string } | null {
  const organization = z.object({ Id: text, MasterAccountId: account }).nullable();
  const told = expected(answer, ["Organization"], organization);
  return told === null ? null : { id: told.Id, management_account: told.MasterAccountId };
}

/** One page of ListParents. https://docs.aws.amazon.com/organizations/latest/APIReference/API_Parent.html */
export function parentsPage(answer: unknown) {
  const parent = z
    .object({ Id: text, Type: z.enum(["ROOT", "ORGANIZATIONAL_UNIT"]) })
    .transform(({ Id, Type }) => ({ id: Id, kind: Type === "ROOT" ? ("root" as const) : ("unit" as const) }));
  return { items: expected(answer, ["Parents"], z.array(parent)), next: nextToken(answer) } satisfies Page<unknown>;
}

/** One page of ListPoliciesForTarget. https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html */
export function policiesPage(answer: unknown) {
  const policy = z.object({ Id: text, Name: z.string() }).transform(({ Id, Name }) => ({ id: Id, name: Name }));
  return { items: expected(answer, ["Policies"], z.array(policy)), next: nextToken(answer) } satisfies Page<unknown>;
}

/** The text of DescribePolicy. */
export function policyText(answer: unknown): string {
  return expected(answer, ["Policy", "Content"], z.string());
}

/** Every list of AWS Organizations may end later than it seems: only the missing token says that it is over. */
function nextToken(answer: unknown): string | undefined {
  return perhaps(answer, ["NextToken"], text) ?? undefined;
}
