import { once, type ReadPolicy } from "../../simulator/gcp-clients.ts";
import type { GcloudCommand } from "./parse-gcloud.ts";

/** The types of the clients want messages with methods, and the clients take any object. */
export interface PolicyClient {
  getIamPolicy(request: object, options: object): Promise<readonly [ReadPolicy, ...unknown[]]>;
  setIamPolicy(request: object, options: object): Promise<readonly [ReadPolicy, ...unknown[]]>;
}

export interface Binding {
  readonly role: string;
  readonly members: readonly string[];
  readonly condition?: object | null;
}

/** `add-iam-policy-binding` and `remove-iam-policy-binding`: read, change, write with the etag that was read. */
export async function changeBindings(command: GcloudCommand, client: PolicyClient, resource: string): Promise<void> {
  const asked = { resource, options: { requestedPolicyVersion: 3 } };
  const [{ etag, bindings: before }] = await client.getIamPolicy(asked, once());
  const bindings = changedBindings((before ?? []) as readonly Binding[], command);
  await client.setIamPolicy({ resource, policy: { version: 3, etag, bindings } }, once());
}

/** What the command makes of a policy's bindings. */
export function changedBindings(bindings: readonly Binding[], { path, flags }: GcloudCommand): readonly Binding[] {
  return path.endsWith(" add-iam-policy-binding") ? withBinding(bindings, flags) : withoutBinding(bindings, flags);
}

function withBinding(bindings: readonly Binding[], flags: GcloudCommand["flags"]): readonly Binding[] {
  const { role = "", member = "", condition } = flags;
  if (condition !== "None") throw new Error(`no command here gives under a condition: ${condition}`);
  const there = bindings.find((one) => one.role === role && isUnconditional(one));
  if (there === undefined) return [...bindings, { role, members: [member] }];
  const members = [...new Set([...there.members, member])];
  return bindings.map((one) => (one === there ? { ...one, members } : one));
}

/** `--all`: whatever the condition. */
function withoutBinding(bindings: readonly Binding[], flags: GcloudCommand["flags"]): readonly Binding[] {
  const { role = "", member = "" } = flags;
  if (!bindings.some((one) => one.role === role && one.members.includes(member))) {
    throw new Error(`Policy bindings with the specified principal and role not found: ${member}, ${role}`);
  }
  return bindings.flatMap((one) => {
    const members = one.role === role ? one.members.filter((text) => text !== member) : one.members;
    return members.length === 0 ? [] : [{ ...one, members }];
  });
}

function isUnconditional({ condition }: Binding): boolean {
  return condition === undefined || condition === null;
}
