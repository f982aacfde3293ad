/**
 * Whether two texts are one id, of a resource or of a principal: Azure compares them without regard to case.
 * https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules
 */
export function isSameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
