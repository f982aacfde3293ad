/** The requesters that a policy is asked about. Who is who is the caller's business: ARNs and ranges come as arguments. */
import type { AwsCaller, AwsContextValue, AwsPrincipal } from "../../model/aws-access.ts";
import {
  absent,
  absentKeys,
  anotherAccount,
  anyVpc,
  arnParts,
  type Context,
  chosen,
  direct,
  foreignOrganization,
  form,
  type Home,
  insider,
  notAService,
  ofAccount,
  organizationOf,
  owned,
  present,
} from "./caller-context.ts";
import { ownOrganization } from "./context.ts";

/** What IAM takes as no name, so that no policy means anybody by it. */
const noName = "~";

/**
 * The role that calls from outside, as its owner documents its requests: a session without MFA, straight over the
 * Internet from any of `addresses` (CIDR ranges).
 */
export function publishedRole(arn: string, addresses: readonly string[]): AwsCaller {
  const { partition, account } = arnParts(arn);
  return {
    ...identity({ kind: "role", name: arn, partition, account, principal: arn, addresses }),
    context: {
      ...ofAccount(account),
      ...foreignOrganization,
      ...direct,
      ...notAService,
      ...absentKeys("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpcsourceip"),
      ...absentKeys("aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"),
      ...absentKeys("aws:username", "aws:multifactorauthage"),
      "aws:principalarn": present(arn),
      "aws:principaltype": present("AssumedRole"),
      "aws:multifactorauthpresent": present("false"),
      "kms:encryptionalgorithm": present("SYMMETRIC_DEFAULT"),
    },
  };
}

/** Some role of an account, with any name but one that a policy writes out. */
export function otherRole(account: string, partition = "aws"): AwsCaller {
  const arns = `arn:${partition}:iam::${account}:role/`;
  return {
    ...identity({ kind: "role", name: `another role of account ${account}`, partition, account, principal: null }),
    context: { ...insider(account, "AssumedRole"), "aws:principalarn": owned(`${arns}*`, `${arns}${noName}`) },
  };
}

/** Some user of an account, with any name but one that a policy writes out. */
export function otherUser(account: string, partition = "aws"): AwsCaller {
  const arns = `arn:${partition}:iam::${account}:user/`;
  return {
    ...identity({ kind: "user", name: `a user of account ${account}`, partition, account, principal: null }),
    context: { ...insider(account, "User"), "aws:principalarn": owned(`${arns}*`, `${arns}${noName}`) },
  };
}

/** The root user of an account. */
export function rootOf(account: string, partition = "aws"): AwsCaller {
  const arn = `arn:${partition}:iam::${account}:root`;
  return {
    ...identity({ kind: "root", name: arn, partition, account, principal: arn }),
    context: { ...insider(account, "Account"), "aws:principalarn": present(arn) },
  };
}

/** Any principal of an account that its own IAM lets: its name is its own choice. */
export function memberOf(account: string, home: Home, partition = home.partition): AwsCaller {
  return {
    ...identity({ kind: "role", name: `a principal of account ${account}`, partition, account, principal: null }),
    context: {
      ...ofAccount(account),
      ...organizationOf(account, home),
      ...notAService,
      "aws:principalarn": chosen(
        `arn:${partition}:iam::${account}:*`,
        `arn:${partition}:iam::${account}:role/${noName}`,
      ),
    },
  };
}

/** A principal of an account that the policy does not name and that is in no organization. */
export function unrelatedAccount(partition = "aws"): AwsCaller {
  return stranger("an unrelated account", partition, {
    ...direct,
    "aws:principalorgid": absent,
    "aws:principalorgpaths": absent,
  });
}

/** The same, by way of an AWS service of its choice that calls with its credentials. */
export function unrelatedAccountThroughService(partition = "aws"): AwsCaller {
  return stranger("an unrelated account through a service", partition, {
    "aws:principalorgid": absent,
    "aws:principalorgpaths": absent,
    "aws:viaawsservice": present("true"),
    "aws:calledvia": serviceOfTheirs(partition),
    "aws:calledviafirst": serviceOfTheirs(partition),
    "aws:calledvialast": serviceOfTheirs(partition),
    "kms:viaservice": serviceOfTheirs(partition),
  });
}

/** The name of whichever service suits a stranger; in China some have a suffix of their own. */
export function serviceOfTheirs(partition: string): AwsContextValue {
  return chosen(partition === "aws-cn" ? "*.amazonaws.com*" : "*.amazonaws.com", "any.amazonaws.com");
}

/** A principal of an account in an organization that the policy does not name. */
export function foreignOrganizationMember(partition = "aws"): AwsCaller {
  return stranger("a member of a foreign organization", partition, { ...direct, ...foreignOrganization });
}

/** Somebody without credentials. */
export function anonymous(partition = "aws"): AwsCaller {
  return {
    ...identity({
      kind: "anonymous",
      name: "anybody",
      partition,
      account: null,
      principal: null,
      addresses: "anywhere",
    }),
    context: {
      ...direct,
      ...notAService,
      ...anyVpc,
      ...absentKeys("aws:principalarn", "aws:principalaccount", "kms:calleraccount", "aws:username"),
      ...absentKeys("aws:principalorgid", "aws:principalorgpaths", "aws:multifactorauthage"),
      "aws:principaltype": present("Anonymous"),
      "aws:securetransport": present("true"),
    },
  };
}

/**
 * Everybody who must get nothing from a key that is not public. What stays open in an answer to one of them is their own
 * choice, so that `conditional` is access: a condition that names its owner fully is not open but false.
 */
export function strangers(partition = "aws"): readonly AwsCaller[] {
  return [
    anonymous(partition),
    unrelatedAccount(partition),
    unrelatedAccountThroughService(partition),
    foreignOrganizationMember(partition),
  ];
}

/** An AWS service that calls as itself, on behalf of an account that the policy does not name. */
export function serviceForStranger(service: string, partition = "aws"): AwsCaller {
  const account = form("????????????", anotherAccount, "value", true);
  const arn = `arn:${partition}:any:us-east-1:${anotherAccount}:any`;
  return serviceCaller(service, `${service} on behalf of an unrelated account`, partition, {
    "aws:sourceaccount": account,
    "kms:calleraccount": account,
    "aws:sourcearn": form(`arn:${partition}:*`, arn, "arn-account", true),
    "aws:sourceorgid": form("o-*", "o-of-a-stranger", "value", true),
    "aws:sourceorgpaths": form("o-*", "o-of-a-stranger/r-any/", "path-head", true),
  });
}

/** An AWS service that calls as itself, on behalf of the key's own account. */
export function serviceForOwner(service: string, home: Home): AwsCaller {
  const { partition, account } = home;
  return serviceCaller(service, `${service} on behalf of account ${account}`, partition, {
    "aws:sourceaccount": form(account, account, "nobody", true),
    "aws:sourcearn": form(`arn:${partition}:*`, `arn:${partition}:any:us-east-1:${account}:any`, "nobody", true),
    "aws:sourceorgid": ownOrganization,
  });
}

/** Those who call as a principal that a policy or a grant names. Nobody calls as one that matches nobody. */
export function callersNamed(principal: AwsPrincipal, home: Home): readonly AwsCaller[] {
  const { partition } = home;
  switch (principal.kind) {
    case "anyone":
      return strangers(partition);
    case "account":
      return [
        memberOf(principal.account, home, principal.partition ?? partition),
        rootOf(principal.account, principal.partition ?? partition),
      ];
    case "role":
    case "user":
      return [named(principal.kind, principal.text, principal.text, null, home)];
    case "role-session": {
      const { account, name, session } = principal;
      const role = `arn:${principal.partition}:iam::${account}:role/${name}`;
      return [named("role", role, principal.text, session, home)];
    }
    case "federated-user":
      return [named("federated", principal.text, principal.text, null, home)];
    case "service":
      return [serviceForOwner(principal.text, home), serviceForStranger(principal.text, partition)];
    case "federated":
    case "unique-id":
    case "canonical-user": {
      const who = { kind: principal.kind, name: principal.text, partition, account: null, principal: principal.text };
      return [{ ...identity(who), context: notAService }];
    }
    case "invalid":
      return [];
  }
}

function named(kind: AwsCaller["kind"], arn: string, name: string, session: string | null, home: Home): AwsCaller {
  const { partition, account } = arnParts(arn);
  return {
    ...identity({ kind, name, partition, account, principal: arn, session }),
    context: {
      ...ofAccount(account),
      ...organizationOf(account, home),
      ...notAService,
      "aws:principalarn": present(arn),
    },
  };
}

function identity(
  who: Pick<AwsCaller, "kind" | "name" | "partition" | "account" | "principal"> & Partial<AwsCaller>,
): Omit<AwsCaller, "context"> {
  return { session: null, addresses: "unknown", ...who };
}

function stranger(name: string, partition: string, context: Context): AwsCaller {
  const who = {
    kind: "role",
    name,
    partition,
    account: anotherAccount,
    principal: null,
    addresses: "anywhere",
  } as const;
  return { ...identity(who), context: { ...strangerContext(partition), ...context } };
}

function strangerContext(partition: string): Context {
  const arn = `arn:${partition}:iam::${anotherAccount}:role/${noName}`;
  const account = form("????????????", anotherAccount, "value");
  return {
    ...notAService,
    ...anyVpc,
    "aws:securetransport": present("true"),
    "aws:principalaccount": account,
    "kms:calleraccount": account,
    "aws:principalarn": form(`arn:${partition}:*::????????????:*`, arn, "arn-account"),
  };
}

function serviceCaller(service: string, name: string, partition: string, context: Context): AwsCaller {
  return {
    ...identity({ kind: "service", name, partition, account: null, principal: service }),
    context: {
      ...absentKeys("aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths"),
      ...absentKeys("aws:username", "aws:multifactorauthpresent", "aws:multifactorauthage"),
      "aws:principalisawsservice": present("true"),
      "aws:principalservicename": present(service),
      "aws:securetransport": present("true"),
      ...context,
    },
  };
}
