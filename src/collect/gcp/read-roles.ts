import type { Reading } from "../../model/reading.ts";
import { Refused } from "../refusal.ts";
import type { GcpReading } from "./gcp-reading.ts";
import type { GcpTarget } from "./reader.ts";
import { boundRoles } from "./schema/iam-policy.ts";
import { roleFact } from "./schema/role.ts";

/** https://cloud.google.com/iam/docs/reference/rest/v1/roles/get and its kin for custom roles. */
const roleName = /^((projects|organizations)\/[^/]+\/)?roles\/[\w.]+$/;

/** What the roles mean that the policies among these readings bind: each is read once for all who read the scope at the same time. */
export function readBoundRoles(
  { reader, shared, ask }: GcpReading,
  target: GcpTarget,
  readings: readonly Reading[],
): Promise<readonly Reading[]> {
  const call = "iam:GetRole";
  const policies = readings.filter((reading) => reading.call.endsWith("IamPolicy"));
  const roles = new Set(
    policies.flatMap(({ answer }) => (answer.state === "seen" ? Object.values(answer.facts).flatMap(boundRoles) : [])),
  );
  const readRole = async (role: string) => {
    // It becomes part of an address: what is no role's name is not asked for.
    if (!roleName.test(role)) {
      throw new Refused({
        reason: "unsupported",
        detail: `${role} is no form of a role's name that is known`,
        again: "no",
      });
    }
    return { facts: { role: roleFact(await reader.getRole(target, role)) } };
  };
  return Promise.all(
    [...roles].map((role) => shared.get(`${call} ${role}`, () => ask(call, () => readRole(role), role))),
  );
}
