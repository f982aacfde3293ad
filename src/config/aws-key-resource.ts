import { invalidResource as invalid, type ParsedKeyResource } from "./parsed-key-resource.ts";

export const keyArnForm = "arn:aws:kms:<region>:<account>:key/<key id>";
const partitions = ["aws", "aws-us-gov", "aws-cn"];
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const multiRegionId = /^mrk-[0-9a-f]{32}$/;

/**
 * Reads the ARN of a KMS key.
 * https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
 */
export function parseKeyArn(text: string): ParsedKeyResource {
  const [, partition = "", service = "", region = "", account = "", ...rest] = text.split(":");
  const name = rest.join(":");
  const why =
    whyNotKms(partition, service) ?? whyNotThePlace(partition, region, account) ?? whyNotAKeyId(name, text, account);
  if (why !== undefined) return invalid(why);
  return {
    ok: true,
    resource: {
      provider: "aws",
      kind: "aws.kms-key",
      resource: text,
      scope: `${account}/${region}`,
      account,
      location: region,
    },
    default_name: name.slice("key/".length),
  };
}

function whyNotKms(partition: string, service: string): string | undefined {
  if (!partitions.includes(partition)) return `its partition is "${partition}"; known are ${partitions.join(", ")}`;
  if (service !== "kms") return `it is an ARN of the service "${service}"; expected one of kms, ${keyArnForm}`;
  return undefined;
}

function whyNotThePlace(partition: string, region: string, account: string): string | undefined {
  if (!/^[a-z]{2}(?:-[a-z]+)+-\d+$/.test(region)) return `its region is "${region}"; expected one such as us-east-2`;
  const home = partitionOf(region);
  if (partition !== home) return `its region ${region} is in the partition ${home}, not ${partition}`;
  if (/^\d+$/.test(account) && account.length !== 12) {
    return `its account number has ${account.length} digits; an account number has 12`;
  }
  if (!/^\d{12}$/.test(account)) return `its account is "${account}"; expected an account number of 12 digits`;
  return undefined;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

function whyNotAKeyId(name: string, arn: string, account: string): string | undefined {
  if (name.startsWith("alias/")) {
    return (
      "it is the ARN of an alias, and an alias can be pointed to another key at any time; give the key's own ARN: " +
      `aws kms describe-key --key-id ${arn} --query KeyMetadata.Arn --output text`
    );
  }
  if (!name.startsWith("key/")) return `it ends in "${name}"; expected ${keyArnForm.replace("<account>", account)}`;
  const id = name.slice("key/".length);
  if (uuid.test(id) || multiRegionId.test(id)) return undefined;
  const lower = id.toLowerCase();
  if (uuid.test(lower) || multiRegionId.test(lower)) return "its key id has capitals; AWS writes key ids in lower case";
  return `its key id is "${id}"; expected a UUID, or mrk- and 32 hexadecimal digits`;
}

/** What a text that is no ARN was probably meant to be; undefined where it is nothing of AWS. */
export function whyNoKeyArn(text: string): string | undefined {
  const id = text.replace(/^key\//, "").toLowerCase();
  if (uuid.test(id) || multiRegionId.test(id)) {
    return `it is a bare key id, which does not say where the key is; give its ARN, ${keyArnForm}`;
  }
  if (text.startsWith("alias/")) {
    return `it is an alias, which can be pointed to another key at any time; give the key's own ARN, ${keyArnForm}`;
  }
  return undefined;
}
