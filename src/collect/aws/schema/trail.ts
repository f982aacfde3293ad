/** What is used of AWS CloudTrail's answers, and nothing else. Fields that are not named here may come and go. */
import { z } from "zod";
import type { Fact } from "../../../model/fact.ts";
import type { Json } from "../../../model/json.ts";
import { field, whole } from "../../field.ts";
import { text, time } from "./parts.ts";

const trail = z
  .object({
    TrailARN: text,
    HomeRegion: text,
    IsMultiRegionTrail: z.boolean(),
    // Trails older than organization trails do not mention them.
    IsOrganizationTrail: z.boolean().default(false),
    LogFileValidationEnabled: z.boolean(),
  })
  .transform((one) => ({
    arn: one.TrailARN,
    home_region: one.HomeRegion,
    multi_region: one.IsMultiRegionTrail,
    organization: one.IsOrganizationTrail,
    validates_log_files: one.LogFileValidationEnabled,
  }));

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html */
export function trailListFacts(answer: unknown): { facts: Record<string, Fact<Json>>; arns: readonly string[] | null } {
  const list = field(answer, ["trailList"], z.array(trail));
  const arns = z.array(z.object({ arn: text })).safeParse(list.state === "known" ? list.value : undefined);
  return { facts: { trail_list: list }, arns: arns.success ? arns.data.map(({ arn }) => arn) : null };
}

const trailStatus = z
  .object({
    IsLogging: z.boolean(),
    LatestDeliveryTime: time.nullish(),
    // A text in AWS's answers, empty where there was no attempt.
    LatestDeliveryAttemptTime: z.string().nullish(),
    LatestDeliveryError: z.string().nullish(),
  })
  .transform((status) => ({
    logging: status.IsLogging,
    delivery_error: deliveryError(status),
  }));

/** An error stays in the answer after later deliveries worked: it counts where no delivery came after the attempt. */
function deliveryError(status: {
  LatestDeliveryTime?: number | null | undefined;
  LatestDeliveryAttemptTime?: string | null | undefined;
  LatestDeliveryError?: string | null | undefined;
}): string | null {
  const { LatestDeliveryError: error, LatestDeliveryTime: delivered, LatestDeliveryAttemptTime: attempted } = status;
  if (error === undefined || error === null || error === "") return null;
  const failedAt = Date.parse(attempted ?? "");
  // The attempt has a precision of a second, the delivery of a millisecond.
  const workedSince = typeof delivered === "number" && !Number.isNaN(failedAt) && delivered >= failedAt;
  return workedSince ? null : error;
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html */
export function trailStatusFacts(answer: unknown): Record<string, Fact<Json>> {
  return { trail_status: whole(answer, trailStatus) };
}

const values = z.array(z.string()).default([]);

const fieldSelector = z
  .object({
    Field: text,
    Equals: values,
    NotEquals: values,
    StartsWith: values,
    NotStartsWith: values,
    EndsWith: values,
    NotEndsWith: values,
  })
  .transform((one) => ({
    field: one.Field,
    equals: one.Equals,
    not_equals: one.NotEquals,
    starts_with: one.StartsWith,
    not_starts_with: one.NotStartsWith,
    ends_with: one.EndsWith,
    not_ends_with: one.NotEndsWith,
  }));

const eventSelectors = z
  .object({
    EventSelectors: z
      .array(
        z
          .object({
            IncludeManagementEvents: z.boolean(),
            ReadWriteType: z.enum(["All", "ReadOnly", "WriteOnly"]),
            ExcludeManagementEventSources: values,
          })
          .transform((one) => ({
            management_events: one.IncludeManagementEvents,
            read_write: one.ReadWriteType,
            excluded_sources: one.ExcludeManagementEventSources,
          })),
      )
      .nullish(),
    AdvancedEventSelectors: z
      .array(
        z
          .object({ Name: z.string().nullish(), FieldSelectors: z.array(fieldSelector) })
          .transform((one) => ({ name: one.Name ?? null, fields: one.FieldSelectors })),
      )
      .nullish(),
  })
  .transform((answer) => ({
    classic: answer.EventSelectors ?? null,
    advanced: answer.AdvancedEventSelectors ?? null,
  }));

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html */
export function eventSelectorsFacts(answer: unknown): Record<string, Fact<Json>> {
  return { trail_selectors: whole(answer, eventSelectors) };
}
