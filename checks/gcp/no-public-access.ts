import { accountRequest } from "../../src/access/gcp/account-requests.ts";
import { boundMembers, type GcpBoundMember, isLetIn } from "../../src/access/gcp/bound-members.ts";
import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { removalOf, removeBindings } from "../../src/access/gcp/gcloud-removals.ts";
import { gcpHome } from "../../src/access/gcp/gcp-home.ts";
import { asFarAsTheProject, levelsRead } from "../../src/access/gcp/levels-read.ts";
import { tellLevel } from "../../src/access/gcp/tell-level.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const noPublicAccess = defineCheck({
  id: "gcp/no-public-access",
  title: "Nobody can do anything with the key without being named",
  resource: "gcp.kms-key",
  severity: "critical",
  why: "A role for `allUsers` is a role for everybody on the internet, and one for `allAuthenticatedUsers` for everybody with a Google account: they could decrypt what the key protects.",
  remediation: "Remove `allUsers` and `allAuthenticatedUsers` from the bindings, and name whoever is meant.",
  references: ["https://cloud.google.com/iam/docs/principals-overview", "https://cloud.google.com/kms/docs/iam"],
  controls: [
    { framework: "CIS GCP", version: "5.0", id: "1.10", basis: "seen" },
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN02", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.8.24", basis: "seen" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.1", basis: "seen" },
    { framework: "CSA CCM", version: "v4", id: "CEK-08", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-3", basis: "judgement" },
  ],

  scope: existingGcpKey,

  reads: ["registered_key"],
  mayRead: ["key_access", "ring_access", "project_access", "ancestor_access", "project"],
  evaluate({ registered_key, project, ...facts }, { at, settings }) {
    const { levels, unread, looked_above } = levelsRead(facts);
    const home = gcpHome(registered_key, project.state === "known" ? project.value : null, settings.gcp);
    const anyone = boundMembers(levels, home, { at, expected: [] }).filter(isAnyone);
    const open = anyone.filter(touchesKeys);
    if (open.length > 0) {
      const bindings = open.map(({ level, member, binding: { role, condition } }) => ({
        level: tellLevel(level),
        member: member.text,
        role,
        condition: condition?.expression ?? null,
      }));
      const told = bindings.map(({ level, member, role }) => `${member} has ${role} on ${level}`);
      return { outcome: "fail", message: `the key is public: ${told.join("; ")}`, evidence: { bindings } };
    }
    const missing = [
      ...unread.map(({ name, fact }) => ({ name, why: fact })),
      ...anyone.flatMap(({ binding: { role, permits } }) =>
        permits.state === "unreadable" ? [{ name: `role:${role}`, why: permits }] : [],
      ),
    ];
    if (missing.length > 0) {
      const message = `no readable binding is for everybody; not known is ${missing.map(({ name }) => name).join(", ")}`;
      return { outcome: "undecided", on: missing, message };
    }
    const far = looked_above ? "" : `, ${asFarAsTheProject}`;
    const evidence = { looked_at: levels.map(({ level }) => level.name), looked_above };
    return { outcome: "pass", message: `no binding that reaches the key is for everybody${far}`, evidence };
  },

  commands({ registered_key, project, ...facts }, { at, settings }) {
    const home = gcpHome(registered_key, project.state === "known" ? project.value : null, settings.gcp);
    const { levels } = levelsRead(facts);
    const open = boundMembers(levels, home, { at, expected: [] }).filter((one) => isAnyone(one) && touchesKeys(one));
    const request = accountRequest(registered_key, project, at);
    return removeBindings(open.map(removalOf), { levels, key: registered_key, request });
  },
});

function isAnyone(bound: GcpBoundMember): boolean {
  return bound.class === "anyone" && isLetIn(bound);
}

/**
 * Any permission of Cloud KMS, as to look at a key is to know what to attack, and whatever sets the policy of what is
 * above it. Every predefined role of Cloud KMS has one: nobody needs to ask what it permits.
 */
function touchesKeys({ binding: { role, permits }, operations }: GcpBoundMember): boolean {
  if (permits.state === "unreadable" || operations.state === "unreadable") return role.startsWith("roles/cloudkms.");
  return !permits.value.deleted && permits.value.kms_permissions.length + operations.value.policy.length > 0;
}
