import { accountRequest } from "../../src/access/gcp/account-requests.ts";
import { boundMembers, type GcpBoundMember, isLetIn } from "../../src/access/gcp/bound-members.ts";
import { existingGcpKey } from "../../src/access/gcp/existing-key.ts";
import { removalOf, removeBindings } from "../../src/access/gcp/gcloud-removals.ts";
import { gcpHome } from "../../src/access/gcp/gcp-home.ts";
import { asFarAsTheProject, levelsRead } from "../../src/access/gcp/levels-read.ts";
import { ownerOfMember } from "../../src/access/gcp/member-owner.ts";
import { tellLevel } from "../../src/access/gcp/tell-level.ts";
import { defineCheck } from "../../src/check/define-check.ts";

export const noUnexpectedExternalPrincipal = defineCheck({
  id: "gcp/no-unexpected-external-principal",
  title: "Only Anthropic and those expected can use the key from outside the customer's projects and domains",
  resource: "gcp.kms-key",
  severity: "high",
  why: "A third party that nobody expects can decrypt what the key protects, destroy it, or change who else can.",
  remediation:
    "Remove the member's binding, or register it under `expected_principals`. Where it is the customer's own, name its domain or project under `gcp.own_domains` or `gcp.own_projects`; a whole folder or organization counts as from outside, the own one too.",
  references: [
    "https://cloud.google.com/iam/docs/principal-identifiers",
    "https://cloud.google.com/kms/docs/separation-of-duties",
  ],
  controls: [
    { framework: "FINOS CCC", version: "2025", id: "CCC.KeyMgmt.CN02.AR01", basis: "seen" },
    { framework: "NIST SP 800-53", version: "r5", id: "AC-6", basis: "seen" },
    { framework: "ISO 27001", version: "2022", id: "A.5.19", basis: "judgement" },
    { framework: "PCI DSS", version: "4.0.1", id: "7.2.5", basis: "judgement" },
    { framework: "CSA CCM", version: "v4", id: "CEK-08", basis: "judgement" },
  ],

  scope: existingGcpKey,

  reads: ["registered_key", "registration"],
  mayRead: ["key_access", "ring_access", "project_access", "ancestor_access", "project"],
  evaluate({ registered_key, registration, project, ...facts }, { at, settings }) {
    const { levels, unread, looked_above } = levelsRead(facts);
    const home = gcpHome(registered_key, project.state === "known" ? project.value : null, settings.gcp);
    const strangers = boundMembers(levels, home, { at, expected: registration.expected_principals }).filter(isStranger);
    const unexpected = strangers.filter((one) => one.class === "external" && mayHarm(one));
    if (unexpected.length > 0) {
      const members = unexpected.map(({ level, member, binding: { role } }) => ({
        member: member.text,
        role,
        level: tellLevel(level),
      }));
      const told = members.map(({ member, role, level }) => `${member} (${role} on ${level})`);
      return {
        outcome: "fail",
        message: `let in is whom the registration does not expect: ${told.join("; ")}`,
        evidence: { members },
      };
    }
    const open = [
      ...unread.map(({ name, fact }) => ({ name, why: fact })),
      ...strangers.flatMap(({ operations, binding: { role } }) =>
        operations.state === "unreadable" ? [{ name: `role:${role}`, why: operations }] : [],
      ),
      ...(project.state === "unreadable" && strangers.some((one) => one.class === "undecided" && mayHarm(one))
        ? [{ name: "project", why: project }]
        : []),
    ];
    if (open.length > 0) {
      const message = `nobody who can be seen is unexpected; not known is ${[...new Set(open.map(({ name }) => name))].join(", ")}`;
      return { outcome: "undecided", on: open, message };
    }
    const far = looked_above ? "" : `, ${asFarAsTheProject}`;
    const evidence = { expected: [...registration.expected_principals], looked_above };
    return { outcome: "pass", message: `nobody from outside can use the key but those expected${far}`, evidence };
  },

  commands({ registered_key, registration, project, ...facts }, { at, settings }) {
    const home = gcpHome(registered_key, project.state === "known" ? project.value : null, settings.gcp);
    const { levels } = levelsRead(facts);
    const unexpected = boundMembers(levels, home, { at, expected: registration.expected_principals }).filter(
      (one) => isStranger(one) && one.class === "external" && mayHarm(one),
    );
    // Where nobody said which domains are the customer's, people may be its own administrators.
    const surely = unexpected.filter(
      ({ member }) => settings.gcp.own_domains.length > 0 || ownerOfMember(member).kind !== "domain",
    );
    const request = accountRequest(registered_key, project, at);
    const removals = surely.filter(concernsKeysAlone).map(removalOf);
    return removeBindings(removals, { levels, key: registered_key, request });
  },
});

/** What else a role gives in a project and above is no matter of a key: whoever takes it away should know whose it is. */
function concernsKeysAlone({ level, binding: { permits } }: GcpBoundMember): boolean {
  if (level.kind === "key" || level.kind === "key-ring") return true;
  if (permits.state === "unreadable") return false;
  const { other_permissions, some_others } = permits.value;
  // Google adds these two to its roles for Cloud KMS.
  const besides = some_others.filter((permission) => /^resourcemanager\.projects\.(get|list)$/.test(permission));
  return besides.length === other_permissions;
}

function isStranger(bound: GcpBoundMember): boolean {
  return (bound.class === "external" || bound.class === "undecided") && isLetIn(bound);
}

function mayHarm({ operations }: GcpBoundMember): boolean {
  if (operations.state === "unreadable") return false;
  const { use, policy, destroy } = operations.value;
  return use.length + policy.length + destroy.length > 0;
}
