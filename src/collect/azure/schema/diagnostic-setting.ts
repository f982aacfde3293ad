/** What is used of diagnostic settings: https://learn.microsoft.com/en-us/rest/api/monitor/diagnostic-settings/list */
import { z } from "zod";
import type { AzureDiagnosticLog, AzureDiagnosticSetting } from "../../../model/azure.ts";
import type { Page } from "../../all-pages.ts";
import { canonical, page, perhapsText, text } from "./parts.ts";

const log = z.object({ category: perhapsText, categoryGroup: perhapsText, enabled: z.boolean() }).transform(
  (one) =>
    ({
      category: one.category,
      category_group: one.categoryGroup,
      enabled: one.enabled,
    }) satisfies AzureDiagnosticLog,
);

const setting = z
  .object({
    name: text,
    properties: z.object({
      workspaceId: perhapsText,
      storageAccountId: perhapsText,
      eventHubAuthorizationRuleId: perhapsText,
      marketplacePartnerId: perhapsText,
      logs: z.array(log).nullish(),
    }),
  })
  .transform(
    ({ name, properties }) =>
      ({
        name,
        workspace_id: properties.workspaceId,
        storage_account_id: properties.storageAccountId,
        event_hub_rule_id: properties.eventHubAuthorizationRuleId,
        partner_id: properties.marketplacePartnerId,
        logs: canonical(properties.logs ?? []),
      }) satisfies AzureDiagnosticSetting,
  );

/** One page of the diagnostic settings of a resource. */
export function diagnosticSettingsPage(answer: unknown) {
  return page(answer, setting) satisfies Page<AzureDiagnosticSetting>;
}
