import type { cdk8s } from 'projen';

/** Scripts of the project, each with a program in tools/ behind it. */
export function addScripts(project: cdk8s.ConstructLibraryCdk8s): void {
  void project;
}
