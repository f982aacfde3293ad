import { principalDenial } from "../../src/access/azure/deny.ts";
import { existingPrincipal } from "../../src/access/azure/existing-principal.ts";
import { tellLevel } from "../../src/access/azure/tell-level.ts";
import { defineCheck } from "../../src/check/define-check.ts";
import { azureNeededActions } from "../../src/guidance/azure-roles.ts";

export const noBlockingDeny = defineCheck({
  id: "azure/no-blocking-deny",
  title: "No deny assignment hits the service principal",
  resource: "azure.vault-key",
  severity: "high",
  why: "A deny assignment beats every role, so that the service principal cannot use the key whatever it is assigned.",
  remediation:
    "Take the service principal out of the deny assignment, by an exclusion in the deployment stack or managed application that made it: Azure lets nobody change it by itself.",
  references: [
    "https://learn.microsoft.com/en-us/azure/role-based-access-control/deny-assignments",
    "https://learn.microsoft.com/en-us/azure/azure-resource-manager/bicep/deployment-stacks",
  ],
  controls: [
    { framework: "NIST SP 800-53", version: "r5", id: "CP-10", basis: "judgement" },
    { framework: "SOC 2", version: "2017", id: "A1.2", basis: "judgement" },
  ],

  scope: {
    within: existingPrincipal,
    reads: ["vault_rbac"],
    excludes({ vault_rbac }) {
      return vault_rbac === true ? undefined : "the vault goes by access policies, which deny assignments do not touch";
    },
  },

  reads: ["denials"],
  evaluate({ denials }) {
    const answers = azureNeededActions.map((action) => ({ action, ...principalDenial(denials, action) }));
    const denied = answers.filter(({ decision }) => decision === "denied");
    if (denied.length > 0) {
      const evidence = denied.map((answer) => ({
        action: answer.action,
        by: answer.denials.map(({ id }) => id.toLowerCase()).toSorted(),
      }));
      const told = denied.map((answer) => {
        const names = answer.denials.map(({ name, level }) => `${name} on ${tellLevel(level)}`);
        return `${answer.action} by ${names.toSorted().join(", ")}`;
      });
      return {
        outcome: "fail",
        message: `the service principal is denied ${told.join("; ")}`,
        evidence: { denials: evidence },
      };
    }
    const open = [...new Set(answers.flatMap(({ on }) => on))];
    if (open.length > 0) {
      return {
        outcome: "undecided",
        on: open,
        message: "whether a deny assignment hits the service principal is not known",
      };
    }
    const seen = denials.map(({ id }) => id.toLowerCase()).toSorted();
    return { outcome: "pass", message: "no deny assignment hits the service principal", evidence: { seen } };
  },
});
