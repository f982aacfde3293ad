/** Which events the selectors of a CloudTrail trail take, as AWS documents it. */
import type { AwsAdvancedSelector, AwsClassicSelector, AwsEventSelectors, AwsFieldSelector } from "../../model/aws.ts";

/** A management event of AWS KMS. */
export interface KmsEvent {
  readonly name: string;
  readonly read_only: boolean;
}

const kms = "kms.amazonaws.com";

/**
 * Whether every such event is taken, whoever causes it.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
 */
export function selectorsTake({ classic, advanced }: AwsEventSelectors, event: KmsEvent): boolean {
  // A trail without selectors of either kind takes all management events; one list alone tells nothing of the other.
  if (classic?.length === 0 && advanced?.length === 0) return true;
  return (
    (classic ?? []).some((selector) => classicTakes(selector, event)) ||
    (advanced ?? []).some((selector) => advancedTakes(selector, event))
  );
}

function classicTakes(selector: AwsClassicSelector, event: KmsEvent): boolean {
  const { management_events, read_write, excluded_sources } = selector;
  const kind = event.read_only ? "ReadOnly" : "WriteOnly";
  return management_events && (read_write === "All" || read_write === kind) && !excluded_sources.includes(kms);
}

/** Every field of a selector must match; what differs from caller to caller (a user's ARN) is taken not to. */
function advancedTakes({ fields }: AwsAdvancedSelector, event: KmsEvent): boolean {
  const value: Readonly<Record<string, string>> = {
    eventCategory: "Management",
    eventSource: kms,
    eventName: event.name,
    eventType: "AwsApiCall",
    readOnly: String(event.read_only),
  };
  return (
    // A selector that names no category is none of management events.
    fields.some(({ field }) => field === "eventCategory") &&
    fields.every((field) => fieldTakes(field, value[field.field]))
  );
}

/** Values of one operator are alternatives, several operators must all hold. */
function fieldTakes(field: AwsFieldSelector, value: string | undefined): boolean {
  if (value === undefined) return false;
  const one = (values: readonly string[], matches: (value: string) => boolean) =>
    values.length === 0 || values.some(matches);
  return (
    one(field.equals, (text) => value === text) &&
    one(field.starts_with, (text) => value.startsWith(text)) &&
    one(field.ends_with, (text) => value.endsWith(text)) &&
    !field.not_equals.includes(value) &&
    !field.not_starts_with.some((text) => value.startsWith(text)) &&
    !field.not_ends_with.some((text) => value.endsWith(text))
  );
}
