import type { Control } from "../model/check-card.ts";

/** The framework with its version, in which ids change their meaning: `CIS AWS 7.0`. */
export function frameworkName({ framework, version }: Control): string {
  return `${framework} ${version}`;
}

/** `CIS AWS 7.0 5.7` */
export function controlName(control: Control): string {
  return `${frameworkName(control)} ${control.id}`;
}
