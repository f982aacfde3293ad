/** The command of the AWS CLI that puts a key policy in place, for a POSIX shell. */

/**
 * `file` is the path of the policy's text. AWS checks that whoever calls may still change the policy afterwards.
 * https://docs.aws.amazon.com/cli/latest/reference/kms/put-key-policy.html
 */
export function putPolicyCommand(keyArn: string, file: string): string {
  const region = keyArn.split(":")[3] ?? "";
  const words = ["--region", region, "--key-id", keyArn, "--policy-name", "default", "--policy", `file://${file}`];
  return ["aws", "kms", "put-key-policy", ...words].map(quoted).join(" ");
}

/** In single quotes where a shell would read more into it than the text. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
