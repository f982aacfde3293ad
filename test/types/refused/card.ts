/** What the refused checks beside this file have in common; this file itself compiles. */
export const card = {
  id: "aws/refused",
  title: "t",
  resource: "aws.kms-key",
  severity: "low",
  why: "w",
  remediation: "r",
  references: [],
  controls: [],
} as const;
