/** The API of all of Flagger's resources. */
export const FLAGGER = 'flagger.app/v1beta1';

/** Whole seconds: Flagger's schema takes only whole seconds and minutes. */
export function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)}s`;
}
