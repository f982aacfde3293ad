import type { AwsCondition, AwsPolicy, AwsStatement } from "../../model/aws-access.ts";
import { statementName } from "./operations-let-through.ts";

/** An AWS service that a statement lets in on behalf of somebody else's account. A type, so that it can be evidence. */
// oxlint-disable-next-line typescript/consistent-type-definitions -- an interface is no Json
export type ForeignSource = {
  readonly service: string;
  readonly account: string;
  readonly statement: string;
};

const positive = new Set(["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"]);

/**
 * Service principals whose source condition names an account that is neither the own nor an expected one. A condition
 * of the same statement that holds for the own account alone keeps the others out.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function foreignSources(
  { statements }: AwsPolicy,
  home: { readonly account: string },
  expected: readonly string[],
): readonly ForeignSource[] {
  const own = (account: string) => account === home.account || expected.includes(account);
  return statements.flatMap((statement) => {
    const services = statement.principals?.values.filter(({ kind }) => kind === "service") ?? [];
    if (statement.effect !== "Allow" || services.length === 0) return [];
    const pins = sourceAccounts(statement);
    if (pins.some((accounts) => accounts.every(own))) return [];
    const foreign = new Set(pins.flat().filter((account) => !own(account)));
    return services.flatMap(({ text }) =>
      [...foreign].map((account) => ({ service: text, account, statement: statementName(statement) })),
    );
  });
}

/** The accounts that each source condition of a statement names; conditions that name none are left out. */
function sourceAccounts({ conditions }: AwsStatement): readonly (readonly string[])[] {
  return conditions
    .filter(({ base }) => base !== null && positive.has(base))
    .map(accountsIn)
    .filter((accounts) => accounts.length > 0);
}

function accountsIn({ key, values }: AwsCondition): readonly string[] {
  const name = key.toLowerCase();
  if (name === "aws:sourceaccount") return values.filter((value) => /^\d{12}$/.test(value));
  if (name !== "aws:sourcearn") return [];
  return values.map((value) => value.split(":")[4] ?? "").filter((account) => /^\d{12}$/.test(account));
}
